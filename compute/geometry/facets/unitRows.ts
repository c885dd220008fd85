import type { LocalMap } from '../localMap.ts'
import { lengthOf } from './vectors.ts'

/** Coefficients this much smaller than the longest unit's are zero to rounding. */
const ZERO = 1e-13

/** A unit's pre-activation in a region: normal . (point - base) + atBase. */
export interface UnitRow {
  /** Place of the layer in the span, from 0. */
  layer: number
  /** Place of the unit in its layer: position, then unit. */
  index: number
  normal: Float64Array
  /** Euclidean length of the normal. */
  length: number
  atBase: number
}

/** The units of a region's layers, in the order of the code's bits. */
export interface UnitRows {
  rows: UnitRow[]
  /** A unit whose coefficients are this small does not depend on the point: they are zero to rounding. */
  zero: number
}

/** Reads the units of a map. */
export function unitRows({ dimension, preActivations }: LocalMap): UnitRows {
  const rows = preActivations.flatMap(({ matrix, value }, layer) =>
    Array.from(value, (atBase, index) => {
      const normal = matrix.subarray(index * dimension, (index + 1) * dimension)
      return { layer, index, normal, length: lengthOf(normal), atBase }
    }),
  )
  return { rows, zero: ZERO * rows.reduce((most, { length }) => Math.max(most, length), 0) }
}
