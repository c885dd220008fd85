import { neverStopped, throwIfStopped, type Stopped } from '../stopped.ts'
import { endsOf } from './ends.ts'
import { profileOf } from './profile.ts'
import type { Program } from './program.ts'
import { walkSegments } from './segments.ts'

/** Segments between inputs. */
export interface SegmentEnds {
  /** Segments x inputSize. */
  from: Float64Array
  to: Float64Array
  segments: number
  /** The lines run in the space before this layer. */
  fromLayer: number
  /** The last layer whose boundaries count. */
  toLayer: number
}

/** Equal parts of a segment in which its boundaries are counted. */
export const PROFILE_BINS = 20

/** What is left of some walked segments when their crossings are counted; a value a segment. */
export interface SegmentCounts {
  length: Float64Array
  regionCount: Int32Array
  endpointDistance: Int32Array
  /** How often the predicted label changes on the way. */
  predictionChanges: Int32Array
  /** Place, 0 to 1, where it changes for the first time; NaN where it does not. */
  changeAt: Float64Array
  /** Boundaries in each part, {@link PROFILE_BINS} a segment. */
  profiles: Int32Array
}

/**
 * Segments walked at once, where memory allows: their points stay in the cache (64 of mnist-net_256x4 took 174 ms all
 * at once, 146 ms by four, eight or sixteen; of ACAS Xu 35 and 30).
 */
const MAX_BATCH = 8

/** Memory that the points of a batch are to take, where one segment alone does not take more. */
const BATCH_BYTES = 256 << 20

/** Walks segments some at a time and keeps their counts. */
export async function countSegments(
  program: Program,
  { from, to, segments, fromLayer, toLayer }: SegmentEnds,
  stopped: Stopped = neverStopped,
): Promise<SegmentCounts> {
  const size = program.inputSize
  const batch = segmentsAtOnce(program)
  const counts: SegmentCounts = {
    length: new Float64Array(segments),
    regionCount: new Int32Array(segments),
    endpointDistance: new Int32Array(segments),
    predictionChanges: new Int32Array(segments),
    changeAt: new Float64Array(segments),
    profiles: new Int32Array(segments * PROFILE_BINS),
  }
  for (let first = 0; first < segments; first += batch) {
    throwIfStopped(stopped)
    const count = Math.min(batch, segments - first)
    const rows = (values: Float64Array) => values.subarray(first * size, (first + count) * size)
    const ends = await endsOf(program, rows(from), rows(to), count, fromLayer)
    const walks = await walkSegments(program, { ends, segments: count, fromLayer, toLayer }, stopped)
    for (const [i, walk] of walks.entries()) {
      counts.length[first + i] = walk.length
      counts.regionCount[first + i] = walk.regionCount
      counts.endpointDistance[first + i] = walk.endpointHammingDistance
      counts.predictionChanges[first + i] = walk.predictions.length - 1
      counts.changeAt[first + i] = walk.predictions.at(1)?.from ?? Number.NaN
      const profile = profileOf(walk, PROFILE_BINS)
      counts.profiles.set(
        profile.map(({ boundaries }) => boundaries),
        (first + i) * PROFILE_BINS,
      )
    }
  }
  return counts
}

/** Segments that are walked at once: as many as fit if each unit of the network changes sign once on each. */
export function segmentsAtOnce({ inputSize, parts }: Program): number {
  const sizes = parts.map(({ size }) => size)
  const points = 2 + sizes.reduce((sum, size) => sum + size, 0)
  const bytes = points * Math.max(inputSize, ...sizes) * Float64Array.BYTES_PER_ELEMENT
  return Math.max(1, Math.min(MAX_BATCH, Math.floor(BATCH_BYTES / bytes)))
}
