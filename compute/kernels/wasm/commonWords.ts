/**
 * Ones in a AND b over a run of 32-bit words. Eight words at a time go through a carry-save tree, which leaves four
 * words (ones, twos, fours, eights) to count instead of eight (Harley and Seal; Hacker's Delight, 5-1).
 *
 * @param words a multiple of 8
 */
export function commonOnes(
  a: Uint32Array,
  aFrom: number,
  b: Uint32Array,
  bFrom: number,
  words: number,
): number {
  let total = 0
  for (let i = aFrom, j = bFrom; i < aFrom + words; i += 8, j += 8) {
    let x = a[i] & b[j]
    let y = a[i + 1] & b[j + 1]
    let z = a[i + 2] & b[j + 2]
    let half = x ^ y
    const carry0 = (x & y) | (half & z)
    let ones = half ^ z
    x = a[i + 3] & b[j + 3]
    y = a[i + 4] & b[j + 4]
    half = ones ^ x
    const carry1 = (ones & x) | (half & y)
    ones = half ^ y
    x = a[i + 5] & b[j + 5]
    y = a[i + 6] & b[j + 6]
    half = ones ^ x
    const carry2 = (ones & x) | (half & y)
    ones = half ^ y
    z = a[i + 7] & b[j + 7]
    const carry3 = ones & z
    ones ^= z
    half = carry0 ^ carry1
    const four0 = (carry0 & carry1) | (half & carry2)
    let twos = half ^ carry2
    const four1 = twos & carry3
    twos ^= carry3
    total += weigh(ones, twos, four0 ^ four1, four0 & four1)
  }
  return total
}

/** Ones in `ones`, plus 2, 4 and 8 times those of the others: at most 256. */
function weigh(ones: number, twos: number, fours: number, eights: number): number {
  const low = nibbles(ones) + (nibbles(twos) << 1)
  const high = nibbles(fours) + (nibbles(eights) << 1)
  const lowBytes = (low & 0x0f0f0f0f) + ((low >>> 4) & 0x0f0f0f0f)
  const highBytes = (high & 0x0f0f0f0f) + ((high >>> 4) & 0x0f0f0f0f)
  const bytes = lowBytes + (highBytes << 2)
  const pairs = (bytes & 0x00ff00ff) + ((bytes >>> 8) & 0x00ff00ff)
  return Math.imul(pairs, 0x00010001) >>> 16
}

/** Ones in each 4 bits. */
function nibbles(word: number): number {
  word -= (word >>> 1) & 0x55555555
  return (word & 0x33333333) + ((word >>> 2) & 0x33333333)
}
