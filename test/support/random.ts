/** Uniform numbers in [0, 1). */
export type Random = () => number

/** A whole number from 0 to below `end`. */
export function below(end: number, random: Random): number {
  return Math.floor(random() * end)
}

/** One of several. */
export function pick<Value>(values: readonly Value[], random: Random): Value {
  return values[below(values.length, random)]
}
