/** A plane slice through a network's polytopes, cut on the spot. */
import { AtlasError } from '../../../compute/errors.ts'
import { runGeometry, type PackedSlice, type Point, type Side } from '../../../compute/geometry/index.ts'
import type { NetworkRow } from '../../store/models.ts'
import { spanOf, type AskedSpan } from './geometrySpan.ts'
import type { NetworkFiles } from './networkFiles.ts'

export type { PackedSlice, Point, Side }

/** Polygons of an answer at most: some megabytes of JSON. */
const MAX_REGIONS = 20_000

/** Which parallelogram in which network. */
export interface SliceQuestion extends AskedSpan {
  network: NetworkRow
  origin: Point
  u: Side
  v: Side
  maxRegions: number
}

/** A slice, and the span that its codes are of. */
export interface CutSlice extends PackedSlice {
  fromLayer: number
  toLayer: number
}

/**
 * Cuts the parallelogram on a worker thread.
 * @throws AtlasError TOO_MANY_REQUESTED, BAD_ARGUMENT (maxRegions below 1), BAD_SPAN, FLAT_SLICE, NOT_PIECEWISE_AFFINE,
 *   WRONG_INPUT_SIZE
 */
export async function slice(
  files: NetworkFiles,
  { origin, u, v, maxRegions, ...question }: SliceQuestion,
  signal: AbortSignal,
): Promise<CutSlice> {
  checkLimit(maxRegions)
  const span = spanOf(question)
  const network = await files.load(question.network)
  return { ...span, ...(await runGeometry('cut', { network, origin, u, v, maxRegions, ...span }, signal)) }
}

function checkLimit(maxRegions: number): void {
  if (maxRegions > MAX_REGIONS)
    throw new AtlasError(
      'TOO_MANY_REQUESTED',
      `maxRegions is ${maxRegions}, and a slice answers ${MAX_REGIONS} polygons at most: ask for a smaller piece.`,
    )
  if (maxRegions < 1)
    throw new AtlasError('BAD_ARGUMENT', `maxRegions is ${maxRegions}: ask for one polygon at least.`)
}
