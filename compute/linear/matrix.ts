/** A matrix, row after row. */
export interface Matrix<Values extends Float32Array | Float64Array = Float32Array> {
  values: Values
  rows: number
  columns: number
}
