import { AtlasError } from '../../errors.ts'
import type { Box } from './halfSpaces.ts'

/** A box as a user gives it: bounds of one value for all axes, or of one an axis. */
export interface GivenBox {
  lower: Float64Array
  upper: Float64Array
}

/**
 * The box with its bounds on every axis.
 * @throws AtlasError BAD_BOX where there is neither one bound nor one an axis, or nothing between two
 */
export function boxOf({ lower, upper }: GivenBox, dimension: number): Box {
  const fits = (values: Float64Array) => values.length === 1 || values.length === dimension
  if (!fits(lower) || !fits(upper))
    throw new AtlasError(
      'BAD_BOX',
      `The box has ${lower.length} lower and ${upper.length} upper bounds: give one of each for all axes, or one for ` +
        `each of the ${dimension} axes of the space where the span begins.`,
    )
  const spread = (values: Float64Array) =>
    Float64Array.from({ length: dimension }, (_, axis) => values[values.length === 1 ? 0 : axis])
  const box = { lower: spread(lower), upper: spread(upper) }
  const flat = box.lower.findIndex((value, axis) => !(value < box.upper[axis]))
  if (flat < 0) return box
  throw new AtlasError(
    'BAD_BOX',
    `On axis ${flat} the box goes from ${box.lower[flat]} to ${box.upper[flat]}: a lower bound must be less than the ` +
      'upper one.',
  )
}
