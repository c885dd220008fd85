import type { SpanLayer } from './types.ts'

/**
 * Sums a number of each bit over the positions and bits of its unit.
 *
 * @param perBit one a bit of the span: by layer, then position, then unit, then bit
 * @returns one a unit, by layer and then unit
 */
export function sumPositions(layers: readonly SpanLayer[], perBit: Uint32Array): Float64Array {
  const sums = new Float64Array(layers.reduce((total, { units }) => total + units, 0))
  let bit = 0
  let first = 0
  for (const { units, positions, bitsPerUnit } of layers) {
    for (let i = 0; i < units * positions; i++) {
      for (let own = 0; own < bitsPerUnit; own++) sums[first + (i % units)] += perBit[bit++]
    }
    first += units
  }
  return sums
}
