/** Which positions of an input are sites of a PER_POSITION partition. */
import { AtlasError } from '../../compute/errors.ts'
import type { PositionRange } from './path.ts'

/**
 * The positions that a range leaves of `count`, ascending. Throws POSITION_OUT_OF_RANGE where it begins behind the last
 * one.
 */
export function positionsIn({ positionStart, positionStep }: PositionRange, count: number): number[] {
  if (positionStart >= count)
    throw new AtlasError(
      'POSITION_OUT_OF_RANGE',
      `The layers of the span have ${count} positions, 0 to ${count - 1}, but the filter begins at ${positionStart}: ` +
        'let it begin earlier.',
    )
  if (positionStep === 0) return [positionStart]
  const chosen = Math.ceil((count - positionStart) / positionStep)
  return Array.from({ length: chosen }, (_, i) => positionStart + i * positionStep)
}

/** Where a position lies on the axes that number positions, see `LayerRow.positionShape`. */
export function placeOf(position: number, shape: readonly number[]): number[] {
  let rest = position
  const place = shape.map(() => 0)
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    place[axis] = rest % shape[axis]
    rest = Math.floor(rest / shape[axis])
  }
  return place
}
