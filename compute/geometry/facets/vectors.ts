/** Inner loops over parts of Float64Arrays, four entries at a time: a third faster than one by one. */

/** The inner product of a vector with the part of another that begins at a place. */
export function product(values: Float64Array, from: number, vector: Float64Array): number {
  const { length } = vector
  // Four sums, so that none waits for itself.
  let a = 0
  let b = 0
  let c = 0
  let d = 0
  let i = 0
  for (; i + 3 < length; i += 4) {
    a += values[from + i] * vector[i]
    b += values[from + i + 1] * vector[i + 1]
    c += values[from + i + 2] * vector[i + 2]
    d += values[from + i + 3] * vector[i + 3]
  }
  for (; i < length; i++) a += values[from + i] * vector[i]
  return a + b + (c + d)
}

/** Adds a multiple of one part of an array to a part of another, or of the same one, as long. */
export function addMultiple(
  values: Float64Array,
  to: number,
  scale: number,
  others: Float64Array,
  from: number,
  length: number,
): void {
  let i = 0
  for (; i + 3 < length; i += 4) {
    values[to + i] += scale * others[from + i]
    values[to + i + 1] += scale * others[from + i + 1]
    values[to + i + 2] += scale * others[from + i + 2]
    values[to + i + 3] += scale * others[from + i + 3]
  }
  for (; i < length; i++) values[to + i] += scale * others[from + i]
}

/** Euclidean length. */
export function lengthOf(vector: Float64Array): number {
  return Math.sqrt(product(vector, 0, vector))
}

/** The least of some values; Infinity where there are none. */
export function leastOf(values: Float64Array): number {
  let least = Infinity
  for (const value of values) if (value < least) least = value
  return least
}
