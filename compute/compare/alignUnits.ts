import { kernels, zeroRows, type CodeRows } from '../kernels/index.ts'
import { maximumAssignment } from './assignment.ts'
import { sumPositions } from './positions.ts'
import type { SharedSide } from './sharedSide.ts'
import { transposeBits } from './transposeBits.ts'
import type { AlignedFlips } from './types.ts'

/** Bytes of a block of transposed sites, of each side. */
const BLOCK_BYTES = 1 << 25

/** ... but so many sites at most. */
const BLOCK_SITES = 32_768

/**
 * The bits that differ between two sides with the same layers when the units of b, layer by layer, stand in the order that
 * leaves the fewest: networks from different seeds have the same kinds of units in other places. An exact optimum, of U x
 * U counts a layer; a unit's bits, at all positions, stay together.
 *
 * @param regionB region of b of each site
 */
export function alignUnits(a: SharedSide, b: SharedSide, regionB: Int32Array): AlignedFlips {
  const common = commonBits(a, b, regionB)
  const [onesA, onesB] = [onesOf(a, a.regionOfSite), onesOf(b, regionB)]
  const result: AlignedFlips = { total: 0, perLayer: [], perUnit: [] }
  let first = 0
  for (const [i, { index: layer, units }] of a.layers.entries()) {
    const flips = Float64Array.from(common[i], (both, pair) => {
      const [own, other] = [Math.floor(pair / units), pair % units]
      return onesA[first + own] + onesB[first + other] - 2 * both
    })
    const partners = maximumAssignment(
      flips.map((count) => -count),
      units,
      units,
    )
    let ofLayer = 0
    partners.forEach((partner, unit) => {
      const count = flips[unit * units + partner]
      result.perUnit.push({ layer, unit, partner, flips: count })
      ofLayer += count
    })
    result.perLayer.push({ layer, flips: ofLayer })
    result.total += ofLayer
    first += units
  }
  return result
}

/** Set bits of each unit, over sites, positions and its bits. */
function onesOf({ layers, rows }: SharedSide, regions: Int32Array): Float64Array {
  return sumPositions(layers, kernels().countBits(rows, regions, Int32Array.of(0, regions.length)))
}

/** Of each layer and pair of units, the bits that both have set: units x units, summed over sites, positions and bits. */
function commonBits(a: SharedSide, b: SharedSide, regionB: Int32Array): Float64Array[] {
  const sums = a.layers.map(({ units }) => new Float64Array(units * units))
  const sites = regionB.length
  const fitting = Math.floor((BLOCK_BYTES * 8) / a.rows.bitCount / 32) * 32
  const step = Math.max(32, Math.min(BLOCK_SITES, fitting))
  for (let from = 0; from < sites; from += step) {
    const to = Math.min(sites, from + step)
    const turnedA = turn(a.rows, a.regionOfSite.subarray(from, to))
    const turnedB = turn(b.rows, regionB.subarray(from, to))
    let bit = 0
    for (const [i, { units, positions, bitsPerUnit }] of a.layers.entries()) {
      for (let place = 0; place < positions * bitsPerUnit; place++) {
        // The bit number `place % bitsPerUnit` of every unit at one position: every bitsPerUnit-th row.
        const own = bit + Math.floor(place / bitsPerUnit) * units * bitsPerUnit + (place % bitsPerUnit)
        const pick = (rows: CodeRows) => everyRow(rows, own, bitsPerUnit, units)
        kernels()
          .countCommon(pick(turnedA), pick(turnedB))
          .forEach((count, pair) => (sums[i][pair] += count))
      }
      bit += units * positions * bitsPerUnit
    }
  }
  return sums
}

/** One row of site bits a bit of the codes. */
function turn({ words, width, bitCount }: CodeRows, regions: Int32Array): CodeRows {
  const turned = zeroRows(bitCount, regions.length)
  transposeBits(words, width, regions, turned.words, turned.width, bitCount)
  return turned
}

function everyRow(
  { words, width, bitCount }: CodeRows,
  first: number,
  step: number,
  count: number,
): CodeRows {
  const rows = zeroRows(count, bitCount)
  for (let i = 0; i < count; i++) {
    const from = (first + i * step) * width
    rows.words.set(words.subarray(from, from + width), i * width)
  }
  return rows
}
