/** Columns as a client reads them. */

export function floatsIn(text: string): Float32Array {
  return new Float32Array(Uint8Array.from(Buffer.from(text, 'base64')).buffer)
}

export function integersIn(text: string): Int32Array {
  return new Int32Array(Uint8Array.from(Buffer.from(text, 'base64')).buffer)
}
