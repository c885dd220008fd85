/** The polytopes that a straight line crosses, found on the spot. */
import { AtlasError } from '../../../compute/errors.ts'
import {
  profileOf,
  runGeometry,
  type Point,
  type ProfileBin,
  type SegmentWalk,
} from '../../../compute/geometry/index.ts'
import type { NetworkRow } from '../../store/models.ts'
import { spanOf, type AskedSpan } from './geometrySpan.ts'
import type { NetworkFiles } from './networkFiles.ts'

export type { Point }

const MAX_BINS = 1000

/** Numbers that an answer holds at most: some 20 MB of JSON. */
const MAX_SCORES = 1_000_000

/** Which line through which network. */
export interface SegmentQuestion extends AskedSpan {
  network: NetworkRow
  from: Point
  to: Point
}

/** What a line crosses, with its densities. */
export interface Segment extends SegmentWalk {
  /** Boundaries met a unit of length; 0 for a line of no length. */
  boundaryDensity: number
  /** Differing bits of the end points a unit of length; 0 for a line of no length. */
  endpointDensity: number
}

/**
 * Walks the line on a worker thread.
 * @throws AtlasError BAD_SPAN, NOT_PIECEWISE_AFFINE, WRONG_INPUT_SIZE
 */
export async function segment(
  files: NetworkFiles,
  question: SegmentQuestion,
  signal: AbortSignal,
): Promise<Segment> {
  const { from, to } = question
  const { fromLayer, toLayer } = spanOf(question)
  const network = await files.load(question.network)
  const walk = await runGeometry('walkSegment', { network, from, to, fromLayer, toLayer }, signal)
  const per = (value: number) => (walk.length === 0 ? 0 : value / walk.length)
  return {
    ...walk,
    boundaryDensity: per(walk.regionCount - 1),
    endpointDensity: per(walk.endpointHammingDistance),
  }
}

/** What a line meets in equal parts of it. Throws BAD_ARGUMENT. */
export function segmentProfile(segment: Segment, bins: number): ProfileBin[] {
  if (bins >= 1 && bins <= MAX_BINS) return profileOf(segment, bins)
  throw new AtlasError('BAD_ARGUMENT', `bins is ${bins}: ask for 1 to ${MAX_BINS} parts.`)
}

/** The network's output at one place of a line. */
export interface SegmentOutput {
  t: number
  scores: number[]
}

/**
 * The network's output wherever it bends: the outputs with the given indices, or all.
 * @throws AtlasError BAD_ARGUMENT, TOO_LARGE
 */
export function segmentOutputs({ outputs }: Segment, indices: readonly number[] | null): SegmentOutput[] {
  const { t, scores } = outputs
  const size = scores.length / t.length
  const wanted = indices ?? Array.from({ length: size }, (_, i) => i)
  const missing = wanted.find((index) => index < 0 || index >= size)
  if (missing !== undefined)
    throw new AtlasError(
      'BAD_ARGUMENT',
      `There is no output ${missing}: the network has outputs 0 to ${size - 1}.`,
    )
  if (wanted.length * t.length > MAX_SCORES)
    throw new AtlasError(
      'TOO_LARGE',
      `The line bends at ${t.length} places: ask for at most ${Math.floor(MAX_SCORES / t.length)} outputs, by \`indices\`.`,
    )
  return Array.from(t, (place, i) => ({ t: place, scores: wanted.map((index) => scores[i * size + index]) }))
}
