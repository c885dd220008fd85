/** float64 values as little-endian bytes, as columns of type bytea hold them. */
export function doubleBytes(values: ArrayLike<number>): Buffer {
  const bytes = Buffer.allocUnsafe(8 * values.length)
  for (let i = 0; i < values.length; i++) bytes.writeDoubleLE(values[i], 8 * i)
  return bytes
}

/** The values in such bytes. */
export function doublesOf(bytes: Buffer): number[] {
  return Array.from({ length: bytes.length / 8 }, (_, i) => bytes.readDoubleLE(8 * i))
}
