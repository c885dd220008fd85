import type { ElementType } from './dataset.ts'

/**
 * The values that networks get: fround(raw × scale), as a new array. `data` is raw numbers in the element type,
 * at any alignment.
 */
export function decodeValues(data: Uint8Array, elementType: ElementType, scale: number): Float32Array {
  if (elementType === 'U8') {
    const values = new Float32Array(data.length)
    for (let i = 0; i < data.length; i++) values[i] = data[i] * scale
    return values
  }
  const values = new Float32Array(data.length / Float32Array.BYTES_PER_ELEMENT)
  // A byte-wise copy: every platform that Node.js supports with ONNX Runtime is little-endian.
  new Uint8Array(values.buffer).set(data)
  if (scale !== 1) for (let i = 0; i < values.length; i++) values[i] *= scale
  return values
}
