import type { CodeRows } from '../codeRows.ts'
import type { Scratch } from './scratch.ts'

/** Bytes of base rows that stay in the first-level cache while the queries pass over them. */
const TILE_BYTES = 16_384

/** Bytes of query rows that stay in the second-level cache while the base passes by. */
const QUERY_BYTES = 131_072

/** Distances that a table holds, 16 MiB of them; eight rows at least. */
const TABLE_LENGTH = 2 ** 22
const LEAST_ROWS = 8

/** Hamming distances of some query rows to all rows of a base, in a kernel call's working memory. */
export class DistanceTable {
  /** Query rows at most. */
  readonly capacity: number
  readonly #scratch: Scratch
  readonly #base: CodeRows
  readonly #at: number
  /** Bytes from the distances of one query to those of the next. */
  readonly #stride: number
  readonly #queriesAt: number
  readonly #chunk: number
  readonly #tileAt: number
  readonly #tile: number

  /** @param queries as many query rows are enough */
  constructor(scratch: Scratch, base: CodeRows, queries: number) {
    const rowBytes = base.width * 4
    const length = base.rows + 1
    this.capacity = Math.min(queries, Math.max(LEAST_ROWS, Math.floor(TABLE_LENGTH / length)))
    this.#scratch = scratch
    this.#base = base
    this.#stride = length * 4
    this.#at = scratch.take((this.capacity + 1) * this.#stride)
    this.#chunk = Math.min(this.capacity, rowsIn(QUERY_BYTES, rowBytes))
    this.#queriesAt = scratch.take((this.#chunk + 1) * rowBytes)
    this.#tile = Math.min(base.rows, rowsIn(TILE_BYTES, rowBytes))
    this.#tileAt = scratch.take((this.#tile + 1) * rowBytes)
  }

  /** Address of the distances from query `slot` to all rows of the base, in bits, 32 bits each. */
  row(slot: number): number {
    return this.#at + slot * this.#stride
  }

  /** The same in an array, up to the next piece of working memory. */
  distances(slot: number): Int32Array {
    return this.#scratch.ints(this.row(slot), this.#base.rows)
  }

  /**
   * Measures the distances from some rows to the base rows `from` … last; those before are left as they are.
   *
   * @param queries rows of the base's width
   * @param picks at most {@link capacity} row numbers, one a slot
   */
  measure(queries: CodeRows, picks: Int32Array, from: number): void {
    for (let slot = 0; slot < picks.length; slot += this.#chunk) {
      const some = picks.subarray(slot, slot + this.#chunk)
      this.#load(queries, some)
      this.#pass(slot, some.length, from)
    }
  }

  #load({ words, width }: CodeRows, picks: Int32Array): void {
    const queries = this.#scratch.words(this.#queriesAt, picks.length * width)
    picks.forEach((row, i) => queries.set(words.subarray(row * width, (row + 1) * width), i * width))
  }

  /** Takes the base past the loaded queries, tile by tile. */
  #pass(slot: number, count: number, from: number): void {
    const { words, width, rows } = this.#base
    const tile = this.#scratch.words(this.#tileAt, this.#tile * width)
    const { exports } = this.#scratch
    for (let first = from; first < rows; first += this.#tile) {
      const some = Math.min(this.#tile, rows - first)
      tile.set(words.subarray(first * width, (first + some) * width))
      const into = this.row(slot) + first * 4
      exports.distances(this.#queriesAt, count, this.#tileAt, some, width * 4, into, this.#stride)
    }
  }
}

/** Rows in so many bytes, at least 4 where there are any: a pass takes them in pairs. */
function rowsIn(bytes: number, rowBytes: number): number {
  return Math.max(4, Math.floor(bytes / Math.max(1, rowBytes)))
}
