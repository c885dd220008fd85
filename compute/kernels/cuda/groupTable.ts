import type { GroupTable } from '../contract.ts'
import type { CudaLibrary } from './library.ts'

/** Distinct rows in a table on the GPU, which is freed when this is collected. See {@link Kernels.groupTable}. */
export class CudaGroupTable implements GroupTable {
  readonly #library: CudaLibrary
  readonly #width: number
  readonly #handle = new BigUint64Array(1)
  #size = 0

  constructor(library: CudaLibrary, stride: number, seed: number) {
    this.#library = library
    this.#width = Math.ceil(stride / 4)
    library.call('group_table', stride, seed, this.#handle)
    tables.register(this, { library, handle: this.#handle[0] })
  }

  get size(): number {
    return this.#size
  }

  insert(words: Uint32Array, rows: number, groups: Int32Array): number {
    const found = new BigInt64Array(2)
    const [collision, size] = [found.subarray(0, 1), found.subarray(1)]
    this.#library.call('group_insert', this.#handle[0], words, rows, groups, collision, size)
    this.#size = Number(size[0])
    return Number(collision[0])
  }

  words(): Uint32Array {
    const words = new Uint32Array(this.#size * this.#width)
    this.#library.call('group_download', this.#handle[0], words, null, null)
    return words
  }

  hashes(): Uint32Array {
    const hashes = new Uint32Array(this.#size * 4)
    this.#library.call('group_download', this.#handle[0], null, hashes, null)
    return hashes
  }

  counts(): Uint32Array {
    const counts = new Uint32Array(this.#size)
    this.#library.call('group_download', this.#handle[0], null, null, counts)
    return counts
  }
}

const tables = new FinalizationRegistry<{ library: CudaLibrary; handle: bigint }>(({ library, handle }) => {
  library.call('group_free', handle)
})
