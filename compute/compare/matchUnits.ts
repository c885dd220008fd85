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
 * Units whose bits are a number (of MaxPool) are neither more nor less active, and are left out.
 */
export function matchUnits({ a, b }: UnitTask): UnitMatches {
  const activityA = unitActivity(a, countSizes(a.regionOfSite, a.rows.rows))
  const activityB = unitActivity(b, countSizes(b.regionOfSite, b.rows.rows))
  const [rows, columns] = [activityA.graded, activityB.graded]
  const all = correlateUnits(activityA, activityB)
  const correlations = new Float64Array(rows.length * columns.length)
  rows.forEach((unit, row) =>
    columns.forEach((other, column) => {
      correlations[row * columns.length + column] = all[unit * activityB.units + other]
    }),
  )
  const columnOf = maximumAssignment(correlations, rows.length, columns.length)
  const correlationOf = (row: number): number => correlations[row * columns.length + columnOf[row]]
  const matched = Int32Array.from(columnOf.keys())
    .filter((row) => columnOf[row] >= 0)
    .sort((x, y) => correlationOf(y) - correlationOf(x) || x - y)
  const unitA = matched.map((row) => rows[row])
  const unitB = matched.map((row) => columns[columnOf[row]])
  return {
    aLayer: unitA.map((unit) => activityA.layer[unit]),
    aUnit: unitA.map((unit) => activityA.unit[unit]),
    bLayer: unitB.map((unit) => activityB.layer[unit]),
    bUnit: unitB.map((unit) => activityB.unit[unit]),
    correlation: Float64Array.from(matched, correlationOf),
  }
}
