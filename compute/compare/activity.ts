import type { SharedSide } from './sharedSide.ts'

/**
 * How active each unit is at each site: the number of positions at which its bit is set, 0 … positions (with one
 * position: the bit itself). The counts are held in binary, one *plane* a binary digit, so that products of two
 * units' counts are popcounts.
 */
export interface Activity {
  units: number
  /** Layer index of each unit, in the order of the span. */
  layer: Int32Array
  /** Index in its layer of each unit. */
  unit: Int32Array
  /** First plane of each unit; the last entry is the number of planes. */
  firstPlane: Int32Array
  /** Regions x planeWords words: bit p is plane p. */
  planes: Uint32Array
  planeWords: number
  regionOfSite: Int32Array
  /** Sum over sites of each unit's counts. */
  sums: Float64Array
  /** Sum over sites of the squared counts. */
  squares: Float64Array
}

/** @param sizes sites of each region */
export function unitActivity(side: SharedSide, sizes: Int32Array): Activity {
  const activity = emptyActivity(side)
  const counts = new Int32Array(activity.units)
  for (let region = 0; region < side.rows.rows; region++) {
    countActive(side, region, counts)
    for (let unit = 0; unit < activity.units; unit++) {
      const count = counts[unit]
      activity.sums[unit] += sizes[region] * count
      activity.squares[unit] += sizes[region] * count * count
      writePlanes(activity, region, unit, count)
    }
  }
  return activity
}

function emptyActivity(side: SharedSide): Activity {
  const layer: number[] = []
  const unit: number[] = []
  const firstPlane = [0]
  let planes = 0
  for (const { index, units, positions } of side.layers) {
    const digits = 32 - Math.clz32(positions)
    for (let i = 0; i < units; i++) {
      layer.push(index)
      unit.push(i)
      planes += digits
      firstPlane.push(planes)
    }
  }
  const planeWords = Math.ceil(planes / 32)
  return {
    units: layer.length,
    layer: Int32Array.from(layer),
    unit: Int32Array.from(unit),
    firstPlane: Int32Array.from(firstPlane),
    planes: new Uint32Array(side.rows.rows * planeWords),
    planeWords,
    regionOfSite: side.regionOfSite,
    sums: new Float64Array(layer.length),
    squares: new Float64Array(layer.length),
  }
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
  for (const { units, positions } of layers) {
    for (let position = 0; position < positions; position++) {
      for (let i = 0; i < units; i++, bit++) counts[first + i] += (words[bit >>> 5] >>> (bit & 31)) & 1
    }
    first += units
  }
}

function writePlanes(
  { planes, planeWords, firstPlane }: Activity,
  region: number,
  unit: number,
  count: number,
): void {
  for (let plane = firstPlane[unit]; plane < firstPlane[unit + 1]; plane++, count >>>= 1) {
    planes[region * planeWords + (plane >>> 5)] |= (count & 1) << (plane & 31)
  }
}
