/** A unit that changes sign between two rows of values. */
export interface SignChange {
  unit: number
  /** Where, from 0 at the first row to 1 at the second, both excluded. */
  fraction: number
  /** The unit goes from above 0 to below. */
  falls: boolean
}

/**
 * The units that change sign between two rows, by place, ties by unit. Values between the rows lie on the line between
 * theirs. A change so near a row that its place rounds to the row's makes the value there 0 instead, which says the
 * same.
 *
 * @param values rows x size
 */
export function signChanges(values: Float64Array, size: number, from: number, to: number): SignChange[] {
  const changes: SignChange[] = []
  for (let unit = 0; unit < size; unit++) {
    const a = values[from * size + unit]
    const b = values[to * size + unit]
    if (!(a > 0 && b < 0) && !(a < 0 && b > 0)) continue
    const fraction = a / (a - b)
    if (fraction <= 0) values[from * size + unit] = 0
    else if (fraction >= 1) values[to * size + unit] = 0
    else changes.push({ unit, fraction, falls: a > 0 })
  }
  return changes.length < 2 ? changes : changes.sort((x, y) => x.fraction - y.fraction || x.unit - y.unit)
}

/** The distinct places of sorted changes. */
export function placesOf(changes: readonly SignChange[]): number[] {
  return changes.flatMap(({ fraction }, i) =>
    i > 0 && fraction === changes[i - 1].fraction ? [] : [fraction],
  )
}

/**
 * Gives the units that change between two rows the sign they must have in a row between them: that of the first before
 * they change, 0 where they do, that of the second after. Rounding may have left another one.
 *
 * @param at where the row is, from 0 to 1
 */
export function keepSigns(
  values: Float64Array,
  size: number,
  row: number,
  at: number,
  changes: readonly SignChange[],
): void {
  for (const { unit, fraction, falls } of changes) {
    const i = row * size + unit
    const positive = fraction > at === falls
    if (fraction === at || (positive ? values[i] < 0 : values[i] > 0)) values[i] = 0
  }
}
