// Made-up rows for the tests of the CUDA kernels.
import { shareRows, type CodeRows, type PairTask } from '#atlas/compute/kernels/index.js'

/** Pseudo-random numbers from 0 to 2^32 - 1 (xorshift32). */
export function numbers(seed: number): () => number {
  let state = Math.imul(seed + 1, 0x9e3779b1) | 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state >>> 0
  }
}

/** Numbers from 0 to `limit` - 1. */
export const below = (limit: number, length: number, seed: number): Int32Array => {
  const next = numbers(seed)
  return Int32Array.from({ length }, () => next() % limit)
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

/** Such rows as rows of ceil(stride / 4) words. */
export function words(rows: number, bits: number, seed: number): { words: Uint32Array; stride: number } {
  const stride = Math.ceil(bits / 8)
  const codes = packedRows(rows, bits, 7, seed)
  const wide = new Uint8Array(rows * Math.ceil(stride / 4) * 4)
  for (let row = 0; row < rows; row++) {
    wide.set(codes.subarray(row * stride, (row + 1) * stride), row * Math.ceil(stride / 4) * 4)
  }
  return { words: new Uint32Array(wide.buffer), stride }
}

/** Sites spread over the regions of two partitions, each region with a site at least. */
export async function pairTask(rowsA: number, rowsB: number, bits: number): Promise<PairTask> {
  const siteCount = rowsA + rowsB
  const ofA = below(rowsA, siteCount, 23).map((region, site) => (site < rowsA ? site : region))
  const ofB = below(rowsB, siteCount, 24).map((region, site) => (site < rowsA ? region : site - rowsA))
  const cells = new Map<number, number>()
  ofA.forEach((region, site) => {
    const cell = region * rowsB + ofB[site]
    cells.set(cell, (cells.get(cell) ?? 0) + 1)
  })
  const sorted = [...cells].sort(([x], [y]) => x - y)
  const sizes = (regions: Int32Array, length: number): Int32Array =>
    Int32Array.from({ length }, (_, region) => regions.filter((of) => of === region).length)
  const ranks = (seed: number): Float64Array =>
    Float64Array.from(below(1000, bits + 1, seed), (rank) => rank / 7)
  return {
    table: {
      a: Int32Array.from(sorted, ([cell]) => Math.floor(cell / rowsB)),
      b: Int32Array.from(sorted, ([cell]) => cell % rowsB),
      count: Int32Array.from(sorted, ([, count]) => count),
      sizesA: sizes(ofA, rowsA),
      sizesB: sizes(ofB, rowsB),
      siteCount,
    },
    a: await shared(rowsA, bits, 25),
    b: await shared(rowsB, bits, 26),
    ranksA: ranks(27),
    ranksB: ranks(28),
    from: 0,
    to: sorted.length,
  }
}
