/** Columns of numbers as the API packs them: base64 of little-endian float32 or int32. */

export const unpackFloats = (text: string) => new Float32Array(bytesOf(text).buffer)

export const unpackInts = (text: string) => new Int32Array(bytesOf(text).buffer)

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
}
