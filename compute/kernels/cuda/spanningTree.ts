import type { CodeRows } from '../codeRows.ts'
import type { SpanningTree, TreeEdges } from '../contract.ts'
import type { CudaLibrary } from './library.ts'

/** Prim's tree on the GPU, which is freed when this is collected. See {@link Kernels.spanningTree}. */
export class CudaTree implements SpanningTree {
  readonly #library: CudaLibrary
  readonly #handle = new BigUint64Array(1)
  readonly #size = new BigInt64Array(1)

  constructor(library: CudaLibrary, { id, words, rows, width }: CodeRows, core: Int32Array) {
    this.#library = library
    library.call('tree', id, words, rows, width, core, this.#handle)
    trees.register(this, { library, handle: this.#handle[0] })
  }

  grow(edges: number): void {
    this.#library.call('tree_grow', this.#handle[0], edges, this.#size)
  }

  edges(): TreeEdges {
    const size = Number(this.#size[0])
    const edges = { from: new Int32Array(size), to: new Int32Array(size), distances: new Int32Array(size) }
    this.#library.call('tree_download', this.#handle[0], edges.from, edges.to, edges.distances)
    return edges
  }
}

const trees = new FinalizationRegistry<{ library: CudaLibrary; handle: bigint }>(({ library, handle }) => {
  library.call('tree_free', handle)
})
