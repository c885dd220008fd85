import { neverStopped, type Stopped } from '../stopped.ts'
import type { Estimate } from './bootstrap.ts'
import { pairMean } from './pairMean.ts'
import {
  binAt,
  binsOf,
  summarizeAroundChange,
  summarizeAtChange,
  type AroundChange,
  type ChangeSummary,
  type EstimateOf,
} from './segmentChanges.ts'

/** Walked segments between inputs, a column each. */
export interface SegmentColumns {
  from: Int32Array
  to: Int32Array
  length: Float64Array
  regionCount: Int32Array
  /** Bits in which the codes of the two ends differ. */
  endpointDistance: Int32Array
  predictionChanges: Int32Array
  /** Place, 0 to 1, where the predicted label changes for the first time; NaN where it does not. */
  changeAt: Float64Array
  /** Boundaries in each of the equal parts of a segment, as many a segment. */
  profiles: Int32Array
}

/** A run of segments to summarize: at least one. */
export interface SegmentRun {
  first: number
  count: number
  /** Whether its profile is wanted: some twenty estimates more. */
  profiled: boolean
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
  /** Part by part: its boundary density, and the share of all segments whose prediction changes first in it. */
  profile: { boundaryDensity: Estimate; changeShare: number }[] | null
  atChange: ChangeSummary | null
  aroundChange: AroundChange | null
}

/** Summarizes runs of segments, each for itself; intervals as {@link pairMean} makes them. */
export function summarizeSegments(
  { columns, runs, seed }: { columns: SegmentColumns; runs: readonly SegmentRun[]; seed: number },
  stopped: Stopped = neverStopped,
): SegmentSummary[] {
  const { length, regionCount, endpointDistance, predictionChanges } = columns
  return runs.map(({ first, count, profiled }) => {
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
      profile: profiled && long.length > 0 ? profileOf(columns, long, estimate) : null,
      atChange: profiled ? summarizeAtChange(columns, long, estimate, seed) : null,
      aroundChange: profiled ? summarizeAroundChange(columns, long, estimate, seed) : null,
    }
  })
}

function profileOf(columns: SegmentColumns, segments: Int32Array, estimate: EstimateOf) {
  const { profiles, length, changeAt } = columns
  const bins = binsOf(columns)
  const changes = new Float64Array(bins)
  for (const i of segments) if (!Number.isNaN(changeAt[i])) changes[binAt(changeAt[i], bins)]++
  return Array.from(changes, (count, bin) => ({
    boundaryDensity: estimate(segments, (i) => (profiles[i * bins + bin] * bins) / length[i]),
    changeShare: count / segments.length,
  }))
}
