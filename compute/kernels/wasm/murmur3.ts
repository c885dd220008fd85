// MurmurHash3_x86_128 by Austin Appleby (public domain, github.com/aappleby/smhasher), over rows of words.
const C1 = 0x239b961b
const C2 = 0xab0e9789
const C3 = 0x38b34ae5
const C4 = 0xa1e38b93

const rotate = (x: number, bits: number): number => (x << bits) | (x >>> (32 - bits))

const mix1 = (k: number): number => Math.imul(rotate(Math.imul(k, C1), 15), C2)
const mix2 = (k: number): number => Math.imul(rotate(Math.imul(k, C2), 16), C3)
const mix3 = (k: number): number => Math.imul(rotate(Math.imul(k, C3), 17), C4)
const mix4 = (k: number): number => Math.imul(rotate(Math.imul(k, C4), 18), C1)

function finalize(h: number): number {
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}

/** Hashes rows of words. See {@link Kernels.hash128}. */
export function hash128(words: Uint32Array, stride: number, rows: number, seed: number): Uint32Array {
  const width = Math.ceil(stride / 4)
  const whole = (stride >>> 4) * 4
  const tail = width - whole
  const hashes = new Uint32Array(rows * 4)
  for (let row = 0; row < rows; row++) {
    const start = row * width
    const end = start + whole
    let h1 = seed | 0
    let h2 = h1
    let h3 = h1
    let h4 = h1
    let i = start
    for (; i < end; i += 4) {
      h1 = (Math.imul(rotate(h1 ^ mix1(words[i]), 19) + h2, 5) + 0x561ccd1b) | 0
      h2 = (Math.imul(rotate(h2 ^ mix2(words[i + 1]), 17) + h3, 5) + 0x0bcaa747) | 0
      h3 = (Math.imul(rotate(h3 ^ mix3(words[i + 2]), 15) + h4, 5) + 0x96cd1c35) | 0
      h4 = (Math.imul(rotate(h4 ^ mix4(words[i + 3]), 13) + h1, 5) + 0x32ac3b17) | 0
    }
    // The tail's missing bytes count as zeros, and a zero word mixes to zero: no byte-wise cases are needed.
    if (tail > 0) h1 ^= mix1(words[i])
    if (tail > 1) h2 ^= mix2(words[i + 1])
    if (tail > 2) h3 ^= mix3(words[i + 2])
    if (tail > 3) h4 ^= mix4(words[i + 3])
    h2 ^= stride
    h3 ^= stride
    h4 ^= stride
    h1 = ((h1 ^ stride) + h2 + h3 + h4) | 0
    h2 = finalize((h2 + h1) | 0)
    h3 = finalize((h3 + h1) | 0)
    h4 = finalize((h4 + h1) | 0)
    h1 = (finalize(h1) + h2 + h3 + h4) | 0
    hashes[row * 4] = h1
    hashes[row * 4 + 1] = h2 + h1
    hashes[row * 4 + 2] = h3 + h1
    hashes[row * 4 + 3] = h4 + h1
  }
  return hashes
}
