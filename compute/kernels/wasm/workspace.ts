import { AtlasError } from '../../errors.ts'
import { reserve } from './module.ts'
import { Scratch } from './scratch.ts'

/** A workspace larger than this is not kept for a smaller use. */
const KEPT_BYTES = 64 << 20
/** WebAssembly has no more addresses. */
const MOST_BYTES = 65_535 * 65_536
/** Vectors of one call. */
const VECTORS = 3

/**
 * Float64 matrices in WebAssembly's memory, and loops over them: three to five times as fast as in TypeScript. Matrices
 * are taken from here, one row after the other; vectors may be anywhere, and are copied.
 */
export class Workspace {
  #scratch = new Scratch()
  /** All of the memory. */
  #floats = new Float64Array(0)
  #vectors = 0
  #longest = 0

  /**
   * Begins anew: what was taken before is void.
   *
   * @param numbers room for so many
   * @param longest no vector is longer
   * @throws AtlasError TOO_LARGE
   */
  open(numbers: number, longest: number): void {
    this.#longest = longest + (longest % 2)
    const vectors = 8 * VECTORS * this.#longest
    // Each piece may end in half of a vector that is not used.
    const bytes = vectors + 8 * numbers + 1024
    if (bytes > MOST_BYTES) {
      throw new AtlasError(
        'TOO_LARGE',
        `The matrices of this computation take ${Math.ceil(bytes / 2 ** 30)} GiB, and 4 GiB is the most. Take fewer layers.`,
      )
    }
    const held = this.#scratch.exports.memory.buffer.byteLength
    if (held > KEPT_BYTES && bytes < held) this.#scratch = new Scratch()
    this.#scratch.reset()
    // All at once: arrays over the memory are void once it grows.
    reserve(this.#scratch.exports, bytes)
    this.#floats = new Float64Array(this.#scratch.exports.memory.buffer)
    this.#vectors = this.#scratch.take(vectors)
  }

  /** An array, of what was there before. */
  take(length: number): Float64Array {
    return this.#scratch.floats(this.#scratch.take(8 * length), length)
  }

  /** An array of whole numbers, of what was there before. */
  takeInts(length: number): Int32Array {
    return this.#scratch.ints(this.#scratch.take(4 * length), length)
  }

  /** Gives back in the end what is taken meanwhile. */
  within<Result>(run: () => Result): Result {
    const { taken } = this.#scratch
    try {
      return run()
    } finally {
      this.#scratch.reset(taken)
    }
  }

  /** The products of a vector with so many rows of a matrix. */
  multiply(matrix: Float64Array, rows: number, vector: Float64Array): Float64Array {
    const at = this.#addressOf(matrix, rows * vector.length)
    const products = this.#vector(1, rows)
    this.#scratch.exports.multiply(at, rows, vector.length, this.#put(0, vector), products)
    return this.#floats.slice(products / 8, products / 8 + rows)
  }

  /** The sum of some rows of a matrix, by their numbers, each once, with weights. */
  combine(matrix: Float64Array, columns: number, rows: Int32Array, weights: Float64Array): Float64Array {
    const at = this.#addressOf(matrix, rows.length * columns)
    const numbers = this.#vector(0, rows.length)
    this.#scratch.ints(numbers, rows.length).set(rows)
    const sum = this.#vector(2, columns)
    this.#floats.fill(0, sum / 8, sum / 8 + columns)
    this.#scratch.exports.combine(at, columns, numbers, this.#put(1, weights), rows.length, sum)
    return this.#floats.slice(sum / 8, sum / 8 + columns)
  }

  /** Takes multiples of a vector out of the rows of a matrix, one multiple a row. */
  takeOut(matrix: Float64Array, parts: Float64Array, vector: Float64Array): void {
    const at = this.#addressOf(matrix, parts.length * vector.length)
    const partsAt = this.#put(1, parts)
    this.#scratch.exports.takeOut(at, parts.length, vector.length, partsAt, this.#put(0, vector))
  }

  /**
   * Writes the row of a simplex dictionary that is a normal, in the coordinates as they stand there.
   *
   * @param table rows x (columns + 1), the constants last; that of the row is there already
   * @param places of each coordinate the row where it is basic, or -1 - its column; taken from here
   * @param normals its entries begin at `from`
   */
  appendRow(
    table: Float64Array,
    places: Int32Array,
    normals: Float64Array,
    from: number,
    target: number,
  ): void {
    const columns = places.length
    const at = this.#addressOf(table, (target + 1) * (columns + 1))
    table.fill(0, target * (columns + 1), (target + 1) * (columns + 1) - 1)
    const normal = this.#addressOf(normals, from + columns) + 8 * from
    this.#scratch.exports.appendRow(at, columns, places.byteOffset, normal, target)
  }

  /**
   * Exchanges the basic variable of a row of a simplex dictionary with the non-basic one of a column.
   * @param table rows x width, the constants last
   */
  pivot(table: Float64Array, rows: number, width: number, place: number, column: number): void {
    this.#scratch.exports.pivot(this.#addressOf(table, rows * width), rows, width, place, column)
  }

  #addressOf(matrix: Float64Array, length: number): number {
    if (matrix.buffer !== this.#floats.buffer || matrix.length < length) {
      throw new TypeError(
        `A matrix of ${length} numbers must be taken from the workspace since it was opened`,
      )
    }
    return matrix.byteOffset
  }

  #vector(place: number, length: number): number {
    if (length > this.#longest) throw new RangeError('The workspace was opened for shorter vectors')
    return this.#vectors + 8 * place * this.#longest
  }

  #put(place: number, vector: Float64Array): number {
    const at = this.#vector(place, vector.length)
    this.#floats.set(vector, at / 8)
    return at
  }
}

/** The thread's. */
export const workspace = new Workspace()
