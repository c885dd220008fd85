import type { CodeRows } from '../codeRows.ts'
import type { SpanningTree, TreeEdges } from '../contract.ts'
import { popcounts } from './bits.ts'
import { Scratch } from './scratch.ts'

/** Farther than any row. */
const UNREACHED = 2 ** 31 - 1

/** A number for each row outside the tree, in step with the rows. */
interface Column {
  at: number
  values: Int32Array
}

/**
 * The tree under Jaccard distances, see {@link Kernels.jaccardTree}: as bits, float32 distances order as whole numbers.
 */
export function jaccardTree(rows: CodeRows, core: Float32Array): SpanningTree<Float32Array> {
  const bits = new Int32Array(core.slice().buffer)
  const tree = new PrimTree(rows, bits, popcounts(rows.words, rows.width, rows.rows))
  return {
    grow: (edges) => tree.grow(edges),
    edges() {
      const { distances, ...ends } = tree.edges()
      return { ...ends, distances: new Float32Array(distances.buffer) }
    },
  }
}

/**
 * Prim's tree under the mutual reachability distance, see {@link Kernels.spanningTree}. The rows outside the tree stay
 * together in memory: the last one takes the place of the one that joins.
 */
export class PrimTree implements SpanningTree {
  readonly #scratch = new Scratch()
  readonly #width: number
  readonly #rowsAt: number
  readonly #words: Uint32Array
  /** The row's number, its core distance, its distance to the tree, and the tree's row that is so near. */
  readonly #numbers: Column
  readonly #cores: Column
  /** Ones of the row; undefined under Hamming distances. */
  readonly #ones: Column | undefined
  readonly #distances: Column
  readonly #through: Column
  /** Rows outside the tree. */
  #outside: number
  /** The row that joined last, with its number, core distance and ones. */
  readonly #joinedAt: number
  #joined = 0
  #joinedCore = 0
  #joinedOnes = 0
  readonly #edges: TreeEdges
  #size = 0

  constructor({ words, rows, width }: CodeRows, core: Int32Array, ones?: Uint32Array) {
    const scratch = this.#scratch
    this.#width = width
    this.#outside = rows
    this.#rowsAt = scratch.take(rows * width * 4)
    this.#joinedAt = scratch.take(width * 4)
    const columnsAt = scratch.take(5 * rows * 4)
    const column = (i: number): Column => {
      const at = columnsAt + i * rows * 4
      return { at, values: scratch.ints(at, rows) }
    }
    this.#words = scratch.words(this.#rowsAt, rows * width)
    this.#numbers = column(0)
    this.#cores = column(1)
    this.#distances = column(2)
    this.#through = column(3)
    this.#ones = ones && column(4)
    if (ones) this.#ones?.values.set(ones)
    this.#words.set(words)
    this.#cores.values.set(core)
    this.#distances.values.fill(UNREACHED)
    for (let row = 0; row < rows; row++) this.#numbers.values[row] = row
    if (rows > 0) this.#moveIn(0)
    const length = Math.max(0, rows - 1)
    this.#edges = {
      from: new Int32Array(length),
      to: new Int32Array(length),
      distances: new Int32Array(length),
    }
  }

  grow(edges: number): void {
    const end = Math.min(this.#size + edges, this.#edges.to.length)
    for (; this.#size < end; this.#size++) {
      const place = this.#nearest()
      this.#edges.from[this.#size] = this.#through.values[place]
      this.#edges.to[this.#size] = this.#numbers.values[place]
      this.#edges.distances[this.#size] = this.#distances.values[place]
      this.#moveIn(place)
    }
  }

  edges(): TreeEdges {
    const { from, to, distances } = this.#edges
    const size = this.#size
    return { from: from.slice(0, size), to: to.slice(0, size), distances: distances.slice(0, size) }
  }

  /** Brings the rows outside up to date with the row that joined last, and finds the place of the nearest of them. */
  #nearest(): number {
    return this.#scratch.exports.reach(
      this.#joinedAt,
      this.#joined,
      this.#joinedCore,
      this.#joinedOnes,
      this.#rowsAt,
      this.#outside,
      this.#width * 4,
      this.#numbers.at,
      this.#cores.at,
      this.#ones?.at ?? 0,
      this.#distances.at,
      this.#through.at,
    )
  }

  /** Takes the row at a place into the tree. */
  #moveIn(place: number): void {
    const width = this.#width
    const last = --this.#outside
    this.#joined = this.#numbers.values[place]
    this.#joinedCore = this.#cores.values[place]
    this.#joinedOnes = this.#ones?.values[place] ?? 0
    const row = this.#words.subarray(place * width, (place + 1) * width)
    this.#scratch.words(this.#joinedAt, width).set(row)
    row.set(this.#words.subarray(last * width, (last + 1) * width))
    for (const column of [this.#numbers, this.#cores, this.#ones, this.#distances, this.#through]) {
      if (column) column.values[place] = column.values[last]
    }
  }
}
