/**
 * Packed rows as 32-bit words (little-endian), each row padded with zero bytes to whole words.
 * The answer shares `codes`' memory where rows are whole, aligned words already; else it is a copy.
 *
 * @param codes rows x stride bytes
 * @returns rows x ceil(stride / 4) words
 */
export function rowWords(codes: Uint8Array, stride: number, rows: number): Uint32Array {
  if (stride % 4 === 0 && codes.byteOffset % 4 === 0) {
    return new Uint32Array(codes.buffer, codes.byteOffset, (rows * stride) / 4)
  }
  const width = Math.ceil(stride / 4)
  const words = new Uint32Array(rows * width)
  widenRows(codes, stride, rows, words, width)
  return words
}

/**
 * Copies packed rows into rows of 32-bit words; the words of a row past its bytes are left as they are (zero
 * in a new array).
 *
 * @param codes rows x stride bytes
 * @param words rows x width, width >= ceil(stride / 4)
 */
export function widenRows(
  codes: Uint8Array,
  stride: number,
  rows: number,
  words: Uint32Array,
  width: number,
): void {
  if (stride === width * 4) {
    new Uint8Array(words.buffer, words.byteOffset, rows * stride).set(codes.subarray(0, rows * stride))
    return
  }
  const whole = stride >>> 2
  for (let row = 0; row < rows; row++) {
    let from = row * stride
    const to = row * width
    for (let w = 0; w < whole; w++, from += 4) {
      words[to + w] = codes[from] | (codes[from + 1] << 8) | (codes[from + 2] << 16) | (codes[from + 3] << 24)
    }
    if (stride & 3) words[to + whole] = tailWord(codes, from, stride & 3)
  }
}

/**
 * The inverse of {@link rowWords}: rows of words as packed bytes, in memory of their own.
 *
 * @param words rows x ceil(stride / 4)
 * @returns rows x stride bytes
 */
export function narrowRows(words: Uint32Array, stride: number, rows: number): Uint8Array {
  const width = Math.ceil(stride / 4) * 4
  const bytes = new Uint8Array(words.buffer, words.byteOffset, rows * width)
  if (stride === width) return bytes.slice()
  const codes = new Uint8Array(rows * stride)
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < stride; i++) codes[row * stride + i] = bytes[row * width + i]
  }
  return codes
}

function tailWord(codes: Uint8Array, from: number, count: number): number {
  let word = 0
  for (let i = 0; i < count; i++) word |= codes[from + i] << (8 * i)
  return word
}
