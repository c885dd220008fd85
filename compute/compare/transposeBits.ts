/** Places that are swapped over each distance, as in the transposition of Hacker's Delight, 7-3. */
const STEPS = [
  [16, 0x0000ffff],
  [8, 0x00ff00ff],
  [4, 0x0f0f0f0f],
  [2, 0x33333333],
  [1, 0x55555555],
] as const

/** Transposes a square of 32 words x 32 bits in place: bit j of word i becomes bit i of word j. */
export function transposeSquare(words: Uint32Array): void {
  for (const [distance, mask] of STEPS) {
    for (let i = 0; i < 32; i = (i + distance + 1) & ~distance) {
      const swapped = ((words[i] >>> distance) ^ words[i + distance]) & mask
      words[i] ^= swapped << distance
      words[i + distance] ^= swapped
    }
  }
}

/**
 * Transposes some rows of bits: bit p of the row picks[i] becomes bit i of row p.
 *
 * @param rows rows x width words
 * @param picks row numbers
 * @param turned one row of `turnedWidth` words for each of `bits` bits, zeros before
 */
export function transposeBits(
  rows: Uint32Array,
  width: number,
  picks: Int32Array,
  turned: Uint32Array,
  turnedWidth: number,
  bits: number,
): void {
  const square = new Uint32Array(32)
  for (let from = 0; from < picks.length; from += 32) {
    const count = Math.min(32, picks.length - from)
    for (let first = 0; first < bits; first += 32) {
      const word = first >>> 5
      for (let i = 0; i < count; i++) square[i] = rows[picks[from + i] * width + word]
      square.fill(0, count)
      transposeSquare(square)
      const at = first * turnedWidth + (from >>> 5)
      const end = Math.min(32, bits - first)
      for (let i = 0; i < end; i++) turned[at + i * turnedWidth] = square[i]
    }
  }
}
