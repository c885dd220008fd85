import { kernels, narrowRows, rowWords } from '../kernels/index.ts'

/** The bits that a set of codes shares; both have ceil(bitCount / 8) bytes, zero after the last bit. */
export interface Agreement {
  /** 1 where all codes agree. */
  mask: Uint8Array
  /** What they agree on; 0 where they do not. */
  values: Uint8Array
}

/** {@link agreement} of a set that comes in pieces. */
export class AgreementBuilder {
  readonly #bitCount: number
  readonly #stride: number
  readonly #differing: Uint32Array
  #first: Uint32Array | undefined

  /** @param bitCount bits of every code that will be added */
  constructor(bitCount: number) {
    this.#bitCount = bitCount
    this.#stride = Math.ceil(bitCount / 8)
    this.#differing = new Uint32Array(Math.ceil(bitCount / 32))
  }

  /** @param codes rows x ceil(bitCount / 8) bytes */
  add(codes: Uint8Array, rows: number): void {
    if (rows === 0) return
    const words = rowWords(codes, this.#stride, rows)
    this.#first ??= words.slice(0, this.#differing.length)
    kernels().markDifferences(words, rows, this.#first, this.#differing)
  }

  /** The agreement of the codes so far; of no codes an empty mask: there is nothing that they share. */
  result(): Agreement {
    const differing = narrowRows(this.#differing, this.#stride, 1)
    if (!this.#first) return { mask: differing, values: differing.slice() }
    const first = narrowRows(this.#first, this.#stride, 1)
    const mask = differing.map((byte) => ~byte)
    const used = this.#bitCount % 8
    if (used > 0) mask[mask.length - 1] &= (1 << used) - 1
    return { mask, values: mask.map((byte, i) => byte & first[i]) }
  }
}

/**
 * The bits on which all rows agree, and their values.
 *
 * @param codes rows x stride bytes
 */
export function agreement(codes: Uint8Array, stride: number, rows: number, bitCount: number): Agreement {
  const builder = new AgreementBuilder(bitCount)
  builder.add(codes.subarray(0, rows * stride), rows)
  return builder.result()
}
