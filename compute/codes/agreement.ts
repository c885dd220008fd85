import { kernels } from '../kernels/index.ts'

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
  readonly #differing: Uint8Array
  #first: Uint8Array | undefined

  /** @param bitCount bits of every code that will be added */
  constructor(bitCount: number) {
    this.#bitCount = bitCount
    this.#differing = new Uint8Array(Math.ceil(bitCount / 8))
  }

  /** @param codes rows x ceil(bitCount / 8) bytes */
  add(codes: Uint8Array, rows: number): void {
    const stride = this.#differing.length
    if (rows === 0) return
    this.#first ??= Uint8Array.from(codes.subarray(0, stride)) // a Buffer's slice() would share its memory
    kernels.markDifferences(codes, stride, rows, this.#first, this.#differing)
  }

  /** The agreement of the codes so far; of no codes an empty mask: there is nothing that they share. */
  result(): Agreement {
    const first = this.#first
    if (!first) return { mask: this.#differing.slice(), values: this.#differing.slice() }
    const mask = this.#differing.map((byte) => ~byte)
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
