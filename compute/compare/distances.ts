import { RowScanner } from '../kernels/index.ts'

/** Codes to measure distances between. */
export interface CodeRows {
  /** Regions x width words, zeros after the last bit. */
  words: Uint32Array
  /** Words a code, a multiple of the kernel's block. */
  width: number
  regions: number
  bitCount: number
}

/** Hamming distances from one code to a run of others. */
export class DistanceRow {
  /** The distances last measured, in bits: entry i is that to region `from + i`. */
  readonly distances: Int32Array
  readonly #rows: CodeRows
  readonly #scanner: RowScanner

  constructor(rows: CodeRows) {
    this.#rows = rows
    this.distances = new Int32Array(rows.regions)
    this.#scanner = new RowScanner(rows.regions, rows.width)
    this.#scanner.load(0, rows.words)
  }

  /** Measures the distances from `region` to the regions `from` … last. */
  measure(region: number, from: number): void {
    const { regions, bitCount } = this.#rows
    // A limit that all distances stay below: every row is kept, in its place.
    const count = this.#scanner.nearer(region, from, regions - from, bitCount + 1)
    const { kept } = this.#scanner
    for (let i = 0; i < count; i++) this.distances[i] = kept[2 * i + 1]
  }
}
