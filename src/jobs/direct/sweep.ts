/** The polytopes that a line through a point crosses, found on the spot. */
import {
  runGeometry,
  type Direction,
  type Point,
  type CodeInterval,
  type Sweep as Walked,
  type SweepCrossing,
} from '../../../compute/geometry/index.ts'
import type { NetworkRow } from '../../store/models.ts'
import { spanOf, type AskedSpan } from './geometrySpan.ts'
import type { NetworkFiles } from './networkFiles.ts'

export type { CodeInterval, Direction, SweepCrossing }

/** Which line through which network. */
export interface SweepQuestion extends AskedSpan {
  network: NetworkRow
  at: Point
  along: Direction
  from: number
  to: number
}

/** What a line through a point crosses. */
export interface Sweep extends Walked {
  from: number
  to: number
  /** Boundaries met a unit of length. */
  boundaryDensity: number
}

/**
 * Walks the line on a worker thread.
 * @throws AtlasError BAD_SPAN, BAD_ARGUMENT, NOT_PIECEWISE_AFFINE, WRONG_INPUT_SIZE
 */
export async function sweep(
  files: NetworkFiles,
  { network, at, along, from, to, ...asked }: SweepQuestion,
  signal: AbortSignal,
): Promise<Sweep> {
  const task = { network: await files.load(network), at, along, from, to, ...spanOf(asked) }
  const walked = await runGeometry('sweep', task, signal)
  const density = (walked.regionCount - 1) / (walked.unitLength * (to - from))
  return { ...walked, from, to, boundaryDensity: density }
}
