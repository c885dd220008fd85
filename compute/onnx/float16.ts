/** The bits of the nearest float16 numbers, ties to even; too large ones are infinite. */
export function toFloat16(values: Float32Array): Uint16Array {
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length)
  const bits = new Uint16Array(values.length)
  // A loop: Uint16Array.from with a function took 90 ns a number.
  for (let i = 0; i < bits.length; i++) bits[i] = nearest(words[i])
  return bits
}

/** @param word the bits of a float32 number */
function nearest(word: number): number {
  const sign = (word >>> 16) & 0x8000
  const size = word & 0x7fffffff
  if (size > 0x7f800000) return sign | 0x7e00
  // Exponents of float16 begin 112 later; what comes before is a multiple of 2^-24.
  const shift = Math.max(13, 126 - (size >>> 23))
  if (shift > 24) return sign
  const significand = shift === 13 ? size - (112 << 23) : (size & 0x7fffff) | 0x800000
  const half = 1 << (shift - 1)
  const odd = (significand >>> shift) & 1
  return sign | Math.min(0x7c00, (significand + half - 1 + odd) >>> shift)
}
