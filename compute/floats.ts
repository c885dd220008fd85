/** Typed arrays that can be joined. */
type Numbers = Float32Array | Float64Array | Int32Array | Uint8Array

/** The arrays one after the other in one. */
export function concatNumbers<Values extends Numbers>(
  make: new (length: number) => Values,
  parts: readonly Values[],
): Values {
  const all = new make(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

/** As {@link concatNumbers}, of float32. */
export const concatFloats = (parts: readonly Float32Array[]): Float32Array =>
  concatNumbers(Float32Array, parts)
