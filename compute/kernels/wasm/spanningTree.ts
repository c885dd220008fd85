import type { CodeRows } from '../codeRows.ts'
import type { SpanningTree, TreeEdges } from '../contract.ts'
import { DistanceRow } from './distanceRow.ts'

/** Prim's tree under the mutual reachability distance. See {@link Kernels.spanningTree}. */
export class PrimTree implements SpanningTree {
  readonly #rows: number
  readonly #core: Int32Array
  readonly #row: DistanceRow
  /** Per row outside the tree: its distance to the tree, and the tree's row that is so near. */
  readonly #distance: Int32Array
  readonly #from: Int32Array
  /** 1 for rows in the tree. */
  readonly #joined: Uint8Array
  readonly #edges: TreeEdges
  #size = 0
  #last = 0

  constructor(rows: CodeRows, core: Int32Array) {
    this.#rows = rows.rows
    this.#core = core
    this.#row = new DistanceRow(rows)
    this.#distance = new Int32Array(rows.rows).fill(2 ** 31 - 1)
    this.#from = new Int32Array(rows.rows)
    this.#joined = new Uint8Array(rows.rows)
    const length = Math.max(0, rows.rows - 1)
    this.#edges = {
      from: new Int32Array(length),
      to: new Int32Array(length),
      distances: new Int32Array(length),
    }
  }

  grow(edges: number): void {
    const end = Math.min(this.#size + edges, this.#edges.to.length)
    while (this.#size < end) this.#join(this.#nearest())
  }

  edges(): TreeEdges {
    const { from, to, distances } = this.#edges
    const size = this.#size
    return { from: from.slice(0, size), to: to.slice(0, size), distances: distances.slice(0, size) }
  }

  /** Brings the rows outside up to date with the row that joined last, and finds the nearest of them. */
  #nearest(): number {
    const last = this.#last
    this.#joined[last] = 1
    this.#row.measure(last, 0)
    let nearest = -1
    for (let row = 0; row < this.#rows; row++) {
      if (this.#joined[row] === 1) continue
      const distance = Math.max(this.#row.distances[row], this.#core[row], this.#core[last])
      if (distance < this.#distance[row]) {
        this.#distance[row] = distance
        this.#from[row] = last
      }
      if (nearest < 0 || this.#distance[row] < this.#distance[nearest]) nearest = row
    }
    return nearest
  }

  #join(row: number): void {
    this.#edges.from[this.#size] = this.#from[row]
    this.#edges.to[this.#size] = row
    this.#edges.distances[this.#size] = this.#distance[row]
    this.#size++
    this.#last = row
  }
}
