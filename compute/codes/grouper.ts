import { AtlasError } from '../errors.ts'
import type { GroupTable } from '../kernels/index.ts'
import { kernels, narrowRows, rowWords } from '../kernels/index.ts'

/**
 * Finds the regions of a stream of codes: equal codes get one index, in order of first appearance. Exact: a match
 * of hashes is confirmed on the bits. Holds each distinct code once, with 20 bytes of hash and count and 16 to 32
 * bytes of table beside it.
 */
export class CodeGrouper {
  readonly #bitCount: number
  readonly #stride: number
  readonly #table: GroupTable

  /** @param bitCount bits of every code that will be added */
  constructor(bitCount: number) {
    this.#bitCount = bitCount
    this.#stride = Math.ceil(bitCount / 8)
    this.#table = kernels().groupTable(this.#stride, bitCount)
  }

  /**
   * Adds codes.
   *
   * @param codes rows x ceil(bitCount / 8) bytes, zero after the last bit
   * @returns the region index of each row
   * @throws AtlasError CODE_COLLISION when two different codes have one hash; the grouper is of no use afterwards
   */
  add(codes: Uint8Array, rows: number): Int32Array {
    if (codes.length !== rows * this.#stride) {
      throw new RangeError(`${codes.length} bytes of codes for ${rows} rows of ${this.#stride}`)
    }
    const regions = new Int32Array(rows)
    const words = rowWords(codes, this.#stride, rows)
    const collision = this.#table.insert(words, rows, regions)
    if (collision < 0) return regions
    const width = Math.ceil(this.#stride / 4)
    const row = words.subarray(collision * width, (collision + 1) * width)
    const hash = Buffer.from(kernels().hash128(row, this.#stride, 1, this.#bitCount).buffer).toString('hex')
    throw new AtlasError(
      'CODE_COLLISION',
      `Two different codes of ${this.#bitCount} bits have the hash ${hash}, which must identify a code. ` +
        'Choose another span of layers, or leave one of the two inputs out.',
    )
  }

  /** Number of distinct codes so far. */
  get regionCount(): number {
    return this.#table.size
  }

  /** Rows added per region. */
  counts(): Uint32Array {
    return this.#table.counts()
  }

  /** The code of each region: regions x ceil(bitCount / 8) bytes. */
  codes(): Uint8Array {
    return narrowRows(this.#table.words(), this.#stride, this.regionCount)
  }

  /** The hash of each region's code, as `hash128` gives it: regions x 16 bytes. */
  hashes(): Uint8Array {
    return narrowRows(this.#table.hashes(), 16, this.regionCount)
  }
}
