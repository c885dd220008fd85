import { BLOCK_WORDS, addDistances } from '../kernels/hammingBlock.ts'

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
  /** 0, 1, 2 …: the kernel scans listed candidates, here all of a run. */
  readonly #all: Int32Array

  constructor(rows: CodeRows) {
    this.#rows = rows
    this.distances = new Int32Array(rows.regions)
    this.#all = Int32Array.from({ length: rows.regions }, (_, i) => i)
  }

  /** Measures the distances from `region` to the regions `from` … last. */
  measure(region: number, from: number): void {
    const { words, width, regions, bitCount } = this.#rows
    const count = regions - from
    // A limit that all distances stay below: the kernel keeps every candidate where it is.
    const limit = bitCount + 1
    this.distances.fill(0, 0, count)
    for (let block = 0; block < width; block += BLOCK_WORDS) {
      const query = region * width + block
      addDistances(words, query, words, from * width + block, width, this.#all, this.distances, count, limit)
    }
  }
}
