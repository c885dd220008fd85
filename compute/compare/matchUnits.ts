import { unitActivity } from './activity.ts'
import { maximumAssignment } from './assignment.ts'
import { countSizes } from './contingency.ts'
import { correlateUnits } from './correlation.ts'
import type { SharedSide } from './sharedSide.ts'
import type { UnitMatches } from './types.ts'

/** Two sides whose units are to be matched. */
export interface UnitTask {
  a: SharedSide
  b: SharedSide
}

/**
 * Matches units one to one so that the sum of the correlations of their activity over sites is the greatest
 * possible; the side with fewer units is matched completely. Sorted by correlation descending, then by unit of a.
 */
export function matchUnits({ a, b }: UnitTask): UnitMatches {
  const activityA = unitActivity(a, countSizes(a.regionOfSite, a.rows.rows))
  const activityB = unitActivity(b, countSizes(b.regionOfSite, b.rows.rows))
  const correlations = correlateUnits(activityA, activityB)
  const columnOf = maximumAssignment(correlations, activityA.units, activityB.units)
  const correlationOf = (unit: number): number => correlations[unit * activityB.units + columnOf[unit]]
  const matched = Int32Array.from(columnOf.keys())
    .filter((unit) => columnOf[unit] >= 0)
    .sort((x, y) => correlationOf(y) - correlationOf(x) || x - y)
  return {
    aLayer: matched.map((unit) => activityA.layer[unit]),
    aUnit: matched.map((unit) => activityA.unit[unit]),
    bLayer: matched.map((unit) => activityB.layer[columnOf[unit]]),
    bUnit: matched.map((unit) => activityB.unit[columnOf[unit]]),
    correlation: Float64Array.from(matched, correlationOf),
  }
}
