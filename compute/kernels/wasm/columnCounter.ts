import type { Scratch } from './scratch.ts'

/** Bytes of rows that are gathered before they are counted: they stay in the first-level cache. */
const TILE_BYTES = 16_384

/** Rows that the counters take at once, and until they must be flushed. */
const STEP = 8
const MOST_ROWS = 255 * STEP

/** Bytes of counters a byte of a row. */
const STATE_BYTES = 11

/** Writes the rows from … to - 1 to the start of a tile. */
export type LoadRows = (from: number, to: number, tile: RowTile) => void

/** Some rows in working memory. */
export interface RowTile {
  at: number
  words: Uint32Array
}

/** Counts the set bits of each column of rows, a tile of rows at a time. */
export class ColumnCounter {
  /** Rows of a tile. */
  readonly tileRows: number
  readonly #scratch: Scratch
  readonly #rowBytes: number
  readonly #tileAt: number
  readonly #stateAt: number
  readonly #countsAt: number

  /** @param width words a row, a multiple of `BLOCK_WORDS` */
  constructor(scratch: Scratch, width: number) {
    const rowBytes = width * 4
    this.tileRows = STEP * Math.max(1, Math.floor(TILE_BYTES / Math.max(1, STEP * rowBytes)))
    this.#scratch = scratch
    this.#rowBytes = rowBytes
    this.#tileAt = scratch.take(this.tileRows * rowBytes)
    this.#stateAt = scratch.putInts(new Int32Array((STATE_BYTES * rowBytes) / 4))
    this.#countsAt = scratch.take(rowBytes * 8 * 4)
  }

  /** Counts the rows from … to - 1, and returns one count a bit of the padded row: valid up to the next call. */
  count(from: number, to: number, load: LoadRows): Uint32Array {
    const { exports } = this.#scratch
    const words = this.#rowBytes / 4
    const tile = { at: this.#tileAt, words: this.#scratch.words(this.#tileAt, this.tileRows * words) }
    const counts = this.#scratch.words(this.#countsAt, this.#rowBytes * 8).fill(0)
    let pending = 0
    for (let first = from; first < to; first += this.tileRows) {
      const count = Math.min(this.tileRows, to - first)
      const stepped = Math.ceil(count / STEP) * STEP
      load(first, first + count, tile)
      tile.words.fill(0, count * words, stepped * words)
      if (pending + stepped > MOST_ROWS) {
        this.#flush()
        pending = 0
      }
      exports.countColumns(this.#tileAt, stepped, this.#rowBytes, this.#stateAt)
      pending += stepped
    }
    this.#flush()
    return counts
  }

  /** Empties the counters into the counts. */
  #flush(): void {
    this.#scratch.exports.flushColumns(this.#stateAt, this.#rowBytes, this.#countsAt)
  }
}
