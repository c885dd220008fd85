/** The polytopes that a straight line crosses, found on the spot. */
import { AtlasError } from '../../../compute/errors.ts'
import { runGeometry, type Point, type SegmentWalk } from '../../../compute/geometry/index.ts'
import type { NetworkRow } from '../../store/models.ts'
import type { NetworkFiles } from './networkFiles.ts'

export type { Point }

/** Which line through which network. */
export interface SegmentQuestion {
  network: NetworkRow
  layerCount: number
  from: Point
  to: Point
  /** The line runs in the space before this layer; null for 0, the network's input space. */
  fromLayer: number | null
  /** The last layer whose boundaries count; null for the last. */
  toLayer: number | null
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
  const { from, to, layerCount } = question
  const fromLayer = question.fromLayer ?? 0
  const toLayer = question.toLayer ?? layerCount - 1
  checkSpan(fromLayer, toLayer, layerCount)
  const network = await files.load(question.network)
  const walk = await runGeometry('walkSegment', { network, from, to, fromLayer, toLayer }, signal)
  const per = (value: number) => (walk.length === 0 ? 0 : value / walk.length)
  return {
    ...walk,
    boundaryDensity: per(walk.regionCount - 1),
    endpointDensity: per(walk.endpointHammingDistance),
  }
}

function checkSpan(fromLayer: number, toLayer: number, layerCount: number): void {
  if (fromLayer >= 0 && fromLayer <= toLayer && toLayer < layerCount) return
  throw new AtlasError(
    'BAD_SPAN',
    `There is no span of layers ${fromLayer}..${toLayer}: the network's layers are 0 to ${layerCount - 1}, and ` +
      'fromLayer is not greater than toLayer.',
  )
}
