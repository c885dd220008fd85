import { instantiate } from './module.ts'

/** Numbers widened at a time: 12 KiB, both sides. */
const TILE = 2048

let exports: ReturnType<typeof instantiate> | undefined

/** Float32 of the bits of float16 numbers, exactly. */
export function widenHalf(bits: Uint16Array): Float32Array {
  exports ??= instantiate(TILE * 6)
  const { buffer } = exports.memory
  const halves = new Uint16Array(buffer, 0, TILE)
  const floats = new Float32Array(buffer, TILE * 2, TILE)
  const values = new Float32Array(bits.length)
  for (let from = 0; from < bits.length; from += TILE) {
    const count = Math.min(TILE, bits.length - from)
    halves.set(count === TILE ? bits.subarray(from, from + TILE) : bits.subarray(from))
    exports.widen(0, TILE * 2, Math.ceil(count / 8) * 8)
    values.set(count === TILE ? floats : floats.subarray(0, count), from)
  }
  return values
}
