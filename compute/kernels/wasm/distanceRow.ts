import type { CodeRows } from '../codeRows.ts'
import { RowScanner } from './rowScanner.ts'

/** Hamming distances from one row to a run of others. */
export class DistanceRow {
  /** The distances last measured, in bits: entry i is that to row `from + i`. */
  readonly distances: Int32Array
  readonly #rows: CodeRows
  readonly #scanner: RowScanner

  constructor(rows: CodeRows) {
    this.#rows = rows
    this.distances = new Int32Array(rows.rows)
    this.#scanner = new RowScanner(rows.rows, rows.width)
    this.#scanner.load(0, rows.words)
  }

  /** Measures the distances from `row` to the rows `from` … last. */
  measure(row: number, from: number): void {
    const { rows, bitCount } = this.#rows
    // A limit that all distances stay below: every row is kept, in its place.
    const count = this.#scanner.nearer(row, from, rows - from, bitCount + 1)
    const { kept } = this.#scanner
    for (let i = 0; i < count; i++) this.distances[i] = kept[2 * i + 1]
  }
}
