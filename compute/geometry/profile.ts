import type { SegmentWalk } from './segments.ts'

/** A part of a line. */
export interface ProfileBin {
  /** Places on the line, 0 to 1. */
  from: number
  to: number
  /** Places at which the code changes: several bits at one place count once, as in `regionCount`. */
  boundaries: number
  /** Boundaries a unit of length; 0 on a line of no length. */
  boundaryDensity: number
  /** How often the predicted label changes. */
  predictionChanges: number
}

/**
 * What a line meets in equal parts of it. A place between two parts is in the later one; all parts together have
 * regionCount - 1 boundaries.
 */
export function profileOf(
  { length, crossings, predictions }: Pick<SegmentWalk, 'length' | 'crossings' | 'predictions'>,
  bins: number,
): ProfileBin[] {
  const boundaries = countByBin(
    crossings.filter(({ t }, i) => i === 0 || t !== crossings[i - 1].t).map(({ t }) => t),
    bins,
  )
  const changes = countByBin(
    predictions.slice(1).map(({ from }) => from),
    bins,
  )
  return Array.from(boundaries, (count, bin) => ({
    from: bin / bins,
    to: (bin + 1) / bins,
    boundaries: count,
    boundaryDensity: length === 0 ? 0 : (count * bins) / length,
    predictionChanges: changes[bin],
  }))
}

/** How many places lie in each bin. */
function countByBin(places: readonly number[], bins: number): Int32Array {
  const counts = new Int32Array(bins)
  for (const place of places) counts[Math.min(bins - 1, Math.floor(place * bins))]++
  return counts
}
