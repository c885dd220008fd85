/** Numbers as they are stored: float64, little-endian. */
export function float64Bytes(values: Float64Array): Buffer {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength)
}

/** What {@link float64Bytes} has written. */
export function float64Values(bytes: Buffer): Float64Array {
  // A slice of a larger buffer need not begin at a multiple of 8.
  return new Float64Array(Uint8Array.from(bytes).buffer)
}
