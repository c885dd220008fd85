/** The bits of a code, one entry a bit. */
export function unpackBits(code: Uint8Array, bitCount: number): Uint8Array {
  return Uint8Array.from({ length: bitCount }, (_, bit) => (code[bit >>> 3] >>> (bit & 7)) & 1)
}

/** The code with these bits: ceil(bits / 8) bytes, little-endian inside a byte. */
export function packBits(bits: Uint8Array): Uint8Array {
  const code = new Uint8Array(Math.ceil(bits.length / 8))
  for (let bit = 0; bit < bits.length; bit++) code[bit >>> 3] |= bits[bit] << (bit & 7)
  return code
}
