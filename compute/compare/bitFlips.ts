import { kernels } from '../kernels/index.ts'
import { sumPositions } from './positions.ts'
import type { SharedSide } from './sharedSide.ts'
import type { BitFlips } from './types.ts'

/** Counts the (site, bit) pairs on which two sides with the same layers differ. */
export function countBitFlips(a: SharedSide, b: SharedSide): BitFlips {
  const flips = kernels().countFlips(a.rows, a.regionOfSite, b.rows, b.regionOfSite)
  const sums = sumPositions(a.layers, flips)
  const result: BitFlips = { total: 0, perLayer: [], perUnit: [] }
  let first = 0
  for (const { index: layer, units } of a.layers) {
    const ofUnits = sums.subarray(first, first + units)
    ofUnits.forEach((count, unit) => result.perUnit.push({ layer, unit, flips: count }))
    const ofLayer = ofUnits.reduce((sum, count) => sum + count, 0)
    result.perLayer.push({ layer, flips: ofLayer })
    result.total += ofLayer
    first += units
  }
  return result
}
