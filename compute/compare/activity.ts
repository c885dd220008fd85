import { kernels } from '../kernels/index.ts'
import { sumPositions } from './positions.ts'
import type { SharedSide } from './sharedSide.ts'
import type { SpanLayer } from './types.ts'

/**
 * How active each unit is at each site: the number of its bits that are set, over all positions (with one bit and one
 * position: the bit itself). The counts are held in binary, one *plane* a binary digit, so that products of two
 * units' counts are popcounts.
 */
export interface Activity extends Units {
  /** Regions x planeWords words: bit p is plane p. */
  planes: Uint32Array
  planeWords: number
  regionOfSite: Int32Array
  /** Sum over sites of each unit's counts. */
  sums: Float64Array
  /** Sum over sites of the squared counts. */
  squares: Float64Array
}

/** The units of a span, and the planes that hold their counts. */
interface Units {
  units: number
  /** Layer index of each unit, in the order of the span. */
  layer: Int32Array
  /** Index in its layer of each unit. */
  unit: Int32Array
  /** Places of the units that can be more or less active: all but those whose bits are a number. */
  graded: Int32Array
  /** Unit of each plane, ascending. */
  planeUnit: Int32Array
  /** Binary digit of each plane: 0, 1, 2 … in the planes of a unit. */
  planeDigit: Int32Array
}

/** @param sizes sites of each region */
export function unitActivity(side: SharedSide, sizes: Int32Array): Activity {
  const { layers, rows, regionOfSite } = side
  const units = listUnits(layers)
  const ones = kernels().countBits(rows, regionOfSite, Int32Array.of(0, regionOfSite.length))
  const sums = sumPositions(layers, ones)
  // With one bit and position each, the codes are their units' counts.
  const counted = layers.every(({ positions, bitsPerUnit }) => positions * bitsPerUnit === 1)
    ? { planes: rows.words, planeWords: rows.width, squares: sums }
    : countPositions(side, sizes, units)
  return { ...units, ...counted, regionOfSite, sums }
}

function listUnits(layers: readonly SpanLayer[]): Units {
  const layer: number[] = []
  const unit: number[] = []
  const graded: number[] = []
  const planeUnit: number[] = []
  const planeDigit: number[] = []
  for (const { index, units, positions, bitsPerUnit, numbered } of layers) {
    for (let i = 0; i < units; i++) {
      for (let digit = 0; 2 ** digit <= positions * bitsPerUnit; digit++) {
        planeUnit.push(layer.length)
        planeDigit.push(digit)
      }
      if (!numbered) graded.push(layer.length)
      layer.push(index)
      unit.push(i)
    }
  }
  return {
    units: layer.length,
    layer: Int32Array.from(layer),
    unit: Int32Array.from(unit),
    graded: Int32Array.from(graded),
    planeUnit: Int32Array.from(planeUnit),
    planeDigit: Int32Array.from(planeDigit),
  }
}

/** Writes the planes of each region's counts, and sums the squared counts over sites. */
function countPositions(
  side: SharedSide,
  sizes: Int32Array,
  { units, planeUnit, planeDigit }: Units,
): Pick<Activity, 'planes' | 'planeWords' | 'squares'> {
  const regions = side.rows.rows
  const planeWords = Math.ceil(planeUnit.length / 32)
  const planes = new Uint32Array(regions * planeWords)
  const squares = new Float64Array(units)
  const counts = new Int32Array(units)
  for (let region = 0; region < regions; region++) {
    countActive(side, region, counts)
    for (let unit = 0; unit < units; unit++) squares[unit] += sizes[region] * counts[unit] * counts[unit]
    for (let plane = 0; plane < planeUnit.length; plane++) {
      const bit = (counts[planeUnit[plane]] >>> planeDigit[plane]) & 1
      planes[region * planeWords + (plane >>> 5)] |= bit << (plane & 31)
    }
  }
  return { planes, planeWords, squares }
}

/** Sums the bits of one code over positions. */
function countActive(
  { layers, rows: { words, width } }: SharedSide,
  region: number,
  counts: Int32Array,
): void {
  counts.fill(0)
  let bit = region * width * 32
  let first = 0
  for (const { units, positions, bitsPerUnit } of layers) {
    const width = units * bitsPerUnit
    for (let i = 0; i < positions * width; i++, bit++) {
      counts[first + Math.floor((i % width) / bitsPerUnit)] += (words[bit >>> 5] >>> (bit & 31)) & 1
    }
    first += units
  }
}
