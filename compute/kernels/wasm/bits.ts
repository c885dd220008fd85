import type { CodeRows } from '../codeRows.ts'

/** Active bits of each row. See {@link Kernels.popcounts}. */
export function popcounts(words: Uint32Array, width: number, rows: number): Uint32Array {
  const counts = new Uint32Array(rows)
  for (let row = 0; row < rows; row++) {
    const end = (row + 1) * width
    let count = 0
    for (let i = row * width; i < end; i++) count += popcount32(words[i])
    counts[row] = count
  }
  return counts
}

/** Ones in a 32-bit word (Hacker's Delight, 5-1). */
function popcount32(x: number): number {
  x -= (x >>> 1) & 0x55555555
  x = (x & 0x33333333) + ((x >>> 2) & 0x33333333)
  return Math.imul((x + (x >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

/** Marks the bits on which rows differ from a reference. See {@link Kernels.markDifferences}. */
export function markDifferences(
  words: Uint32Array,
  rows: number,
  reference: Uint32Array,
  differing: Uint32Array,
): void {
  const width = reference.length
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < width; i++) differing[i] |= words[row * width + i] ^ reference[i]
  }
}

/** Set bits by runs of rows. See {@link Kernels.countBits}. */
export function countBits(
  { words, width, bitCount }: CodeRows,
  picks: Int32Array,
  starts: Int32Array,
): Uint32Array {
  const counts = new Uint32Array((starts.length - 1) * bitCount)
  for (let run = 0; run + 1 < starts.length; run++) {
    for (let i = starts[run]; i < starts[run + 1]; i++) {
      for (let word = 0; word < width; word++) {
        addBits(counts, run * bitCount + word * 32, words[picks[i] * width + word])
      }
    }
  }
  return counts
}

/** Differing bits of aligned rows. See {@link Kernels.countFlips}. */
export function countFlips(a: CodeRows, picksA: Int32Array, b: CodeRows, picksB: Int32Array): Uint32Array {
  const counts = new Uint32Array(a.bitCount)
  for (let i = 0; i < picksA.length; i++) {
    for (let word = 0; word < a.width; word++) {
      addBits(counts, word * 32, a.words[picksA[i] * a.width + word] ^ b.words[picksB[i] * b.width + word])
    }
  }
  return counts
}

function addBits(counts: Uint32Array, at: number, word: number): void {
  for (; word !== 0; word &= word - 1) counts[at + 31 - Math.clz32(word & -word)]++
}
