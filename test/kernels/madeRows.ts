// Made-up rows for the tests that hold one backend against another.
import { shareRows, type CodeRows } from '#atlas/compute/kernels/index.js'

/** Pseudo-random numbers from 0 to 2^32 - 1 (xorshift32). */
function numbers(seed: number): () => number {
  let state = Math.imul(seed + 1, 0x9e3779b1) | 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state >>> 0
  }
}

/** Rows near one of `patterns` random ones: some equal, many equally far. */
function packedRows(rows: number, bits: number, patterns: number, seed: number): Uint8Array {
  const next = numbers(seed)
  const stride = Math.ceil(bits / 8)
  const pattern = Uint8Array.from({ length: patterns * stride }, next)
  const codes = new Uint8Array(rows * stride)
  for (let row = 0; row < rows; row++) {
    const from = (next() % patterns) * stride
    codes.set(pattern.subarray(from, from + stride), row * stride)
    for (let flips = next() % 4; flips > 0 && stride > 0; flips--) {
      codes[row * stride + (next() % stride)] ^= next() & 255
    }
    if (bits % 8 > 0) codes[(row + 1) * stride - 1] &= (1 << (bits % 8)) - 1
  }
  return codes
}

/** Such rows for the kernels. */
export const shared = (rows: number, bits: number, seed: number, patterns = 20): Promise<CodeRows> =>
  shareRows(packedRows(rows, bits, patterns, seed), rows, bits)
