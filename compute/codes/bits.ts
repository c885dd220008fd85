/** The bits of a code, one entry a bit. */
export function unpackBits(code: Uint8Array, bitCount: number): Uint8Array {
  return Uint8Array.from({ length: bitCount }, (_, bit) => (code[bit >>> 3] >>> (bit & 7)) & 1)
}

/** Codes of one entry a bit as packed bytes: codes x ceil(bits / 8), little-endian inside a byte. */
export function packBits(codes: readonly Uint8Array[], bitCount: number): Uint8Array {
  const stride = Math.ceil(bitCount / 8)
  const packed = new Uint8Array(codes.length * stride)
  codes.forEach((bits, row) => {
    for (let bit = 0; bit < bitCount; bit++) packed[row * stride + (bit >>> 3)] |= bits[bit] << (bit & 7)
  })
  return packed
}
