import { instantiate, type Exports } from './module.ts'

/** Rows in a WebAssembly memory of their own, and the scan of some of them for those near to one. */
export class RowScanner {
  /**
   * What the last scan kept, two entries a row: its number counted from the scan's first row, and its distance in
   * bits.
   */
  readonly kept: Int32Array
  readonly #exports: Exports
  readonly #words: Uint32Array
  readonly #rowBytes: number
  readonly #keptAt: number

  /**
   * @param capacity rows that fit
   * @param width words a row, a multiple of `BLOCK_WORDS`
   */
  constructor(capacity: number, width: number) {
    this.#rowBytes = width * 4
    this.#keptAt = capacity * this.#rowBytes
    this.#exports = instantiate(this.#keptAt + capacity * 8)
    const { buffer } = this.#exports.memory
    this.#words = new Uint32Array(buffer, 0, capacity * width)
    this.kept = new Int32Array(buffer, this.#keptAt, capacity * 2)
  }

  /** Copies rows in, the first to row `at`. */
  load(at: number, rows: Uint32Array): void {
    this.#words.set(rows, (at * this.#rowBytes) / 4)
  }

  /**
   * Keeps the rows `from` … `from + rows - 1` that are nearer to row `query` than `limit` bits, ascending.
   * @returns how many
   */
  nearer(query: number, from: number, rows: number, limit: number): number {
    const bytes = this.#rowBytes
    return this.#exports.nearer(query * bytes, from * bytes, rows, bytes, limit, this.#keptAt)
  }
}
