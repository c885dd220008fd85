import { neverStopped, type Stopped } from '../stopped.ts'
import type { Estimate } from './bootstrap.ts'
import { pairMean } from './pairMean.ts'

/** Walked segments between inputs, a column each. */
export interface SegmentColumns {
  from: Int32Array
  to: Int32Array
  length: Float64Array
  regionCount: Int32Array
  /** Bits in which the codes of the two ends differ. */
  endpointDistance: Int32Array
  predictionChanges: Int32Array
}

/** A run of segments to summarize: at least one. */
export interface SegmentRun {
  first: number
  count: number
}

/** What the segments of a run have on average. */
export interface SegmentSummary {
  /** Segments between two equal points. They have no density: densities are means over the others. */
  zeroLengthCount: number
  regionCount: Estimate
  predictionChanges: Estimate
  /** Boundaries met a unit of length, (regions - 1) / length; null where all segments are of zero length. */
  boundaryDensity: Estimate | null
  /** Differing bits of the ends a unit of length; null where all segments are of zero length. */
  endpointDensity: Estimate | null
}

/** Summarizes runs of segments, each for itself; intervals as {@link pairMean} makes them. */
export function summarizeSegments(
  { columns, runs, seed }: { columns: SegmentColumns; runs: readonly SegmentRun[]; seed: number },
  stopped: Stopped = neverStopped,
): SegmentSummary[] {
  const { length, regionCount, endpointDistance, predictionChanges } = columns
  return runs.map(({ first, count }) => {
    const all = Int32Array.from({ length: count }, (_, i) => first + i)
    const long = all.filter((i) => length[i] > 0)
    const estimate = (segments: Int32Array, value: (i: number) => number) =>
      pairMean(
        {
          values: Float64Array.from(segments, value),
          from: segments.map((i) => columns.from[i]),
          to: segments.map((i) => columns.to[i]),
        },
        seed,
        stopped,
      )
    const density = (value: (i: number) => number) =>
      long.length === 0 ? null : estimate(long, (i) => value(i) / length[i])
    return {
      zeroLengthCount: count - long.length,
      regionCount: estimate(all, (i) => regionCount[i]),
      predictionChanges: estimate(all, (i) => predictionChanges[i]),
      boundaryDensity: density((i) => regionCount[i] - 1),
      endpointDensity: density((i) => endpointDistance[i]),
    }
  })
}
