import type { Estimate } from './bootstrap.ts'
import { permutation, randomBelow } from './random.ts'
import type { SegmentColumns } from './summarizeSegments.ts'

/** Densities in the part of a segment where its prediction changes first, over the segments on which it does. */
export interface ChangeSummary {
  count: number
  boundaryDensity: Estimate
  /** Of all other parts of the same segments. */
  elsewhere: Estimate
  /** In the part where the prediction of another of these segments changes: they are dealt out at random. */
  baseline: Estimate
}

/** Densities by the distance from the part where the prediction changes, over the segments on which it does once. */
export interface AroundChange {
  count: number
  /** By parts between, from 0, as far as each segment has a part on one side at least, wherever it changes. */
  distances: {
    boundaryDensity: Estimate
    /** By the distance from where another of these segments changes, as in {@link ChangeSummary}. */
    baseline: Estimate
  }[]
}

/** The mean of a value over some segments, with its interval. */
export type EstimateOf = (segments: Int32Array, value: (i: number) => number) => Estimate

/** Parts of each segment. */
export function binsOf({ profiles, length }: SegmentColumns): number {
  return profiles.length / length.length
}

/** The part in which a place lies. */
export function binAt(place: number, bins: number): number {
  return Math.min(bins - 1, Math.floor(place * bins))
}

/**
 * What lies where predictions change, beside elsewhere and chance; null where none changes.
 * @param segments those of some length
 */
export function summarizeAtChange(
  columns: SegmentColumns,
  segments: Int32Array,
  estimate: EstimateOf,
  seed: number,
): ChangeSummary | null {
  const { profiles, length, changeAt, regionCount } = columns
  const bins = binsOf(columns)
  const changing = segments.filter((i) => !Number.isNaN(changeAt[i]))
  if (changing.length === 0) return null
  const { own, dealt } = changeBins(columns, changing, seed)
  const inBin = (i: number, bin: number) => profiles[i * bins + bin]
  const perUnit = (boundaries: number, parts: number, i: number) => (boundaries * bins) / (parts * length[i])
  return {
    count: changing.length,
    boundaryDensity: estimate(changing, (i) => perUnit(inBin(i, own(i)), 1, i)),
    elsewhere: estimate(changing, (i) => perUnit(regionCount[i] - 1 - inBin(i, own(i)), bins - 1, i)),
    baseline: estimate(changing, (i) => perUnit(inBin(i, dealt(i)), 1, i)),
  }
}

/**
 * What lies at which distance from where predictions change, on both sides; null where none changes exactly once.
 * @param segments those of some length
 */
export function summarizeAroundChange(
  columns: SegmentColumns,
  segments: Int32Array,
  estimate: EstimateOf,
  seed: number,
): AroundChange | null {
  const { profiles, length, predictionChanges } = columns
  const bins = binsOf(columns)
  const changing = segments.filter((i) => predictionChanges[i] === 1)
  if (changing.length === 0) return null
  const { own, dealt } = changeBins(columns, changing, seed)
  const densityAt = (i: number, bin: number, distance: number) => {
    let boundaries = 0
    let parts = 0
    for (const side of new Set([bin - distance, bin + distance])) {
      if (side < 0 || side >= bins) continue
      boundaries += profiles[i * bins + side]
      parts++
    }
    return (boundaries * bins) / (parts * length[i])
  }
  return {
    count: changing.length,
    distances: Array.from({ length: Math.ceil(bins / 2) }, (_, distance) => ({
      boundaryDensity: estimate(changing, (i) => densityAt(i, own(i), distance)),
      baseline: estimate(changing, (i) => densityAt(i, dealt(i), distance)),
    })),
  }
}

/** The part where the prediction of a segment changes first, and that of the one which it is dealt. */
function changeBins(columns: SegmentColumns, changing: Int32Array, seed: number) {
  const bins = binsOf(columns)
  const own = (i: number) => binAt(columns.changeAt[i], bins)
  const order = permutation(changing.length, randomBelow(seed))
  const dealt = new Map(Array.from(changing, (i, at) => [i, own(changing[order[at]])]))
  return { own, dealt: (i: number) => dealt.get(i) ?? own(i) }
}
