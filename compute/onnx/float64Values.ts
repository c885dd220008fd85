/** Float32's least positive number. */
const LEAST = 2 ** -149

/** The nearest float32 numbers, but none that is not 0 becomes 0: the sign of a pre-activation is its bit. */
export function fromFloat64(values: Float64Array): Float32Array {
  const rounded = Float32Array.from(values)
  for (let i = 0; i < values.length; i++) {
    if (rounded[i] === 0 && values[i] !== 0) rounded[i] = values[i] > 0 ? LEAST : -LEAST
  }
  return rounded
}
