import { product } from './vectors.ts'

/** The points y with A y <= b: a polytope, bounded or not. */
export interface Polytope {
  rows: number
  dimension: number
  /** A: rows x dimension, each row an outward normal of length 1. */
  normals: Float64Array
  /** b: how far the origin is inside of each row's hyperplane, along the normal; negative where it is outside. */
  offsets: Float64Array
}

/** a . y of one row. */
export function along({ normals, dimension }: Polytope, row: number, point: Float64Array): number {
  return product(normals, row * dimension, point)
}

/**
 * The polytope of some of the rows.
 * @param selected where their normals go
 */
export function withRows(
  { dimension, normals, offsets }: Polytope,
  rows: readonly number[],
  selected: Float64Array = new Float64Array(rows.length * dimension),
): Polytope {
  rows.forEach((row, i) =>
    selected.set(normals.subarray(row * dimension, (row + 1) * dimension), i * dimension),
  )
  return {
    rows: rows.length,
    dimension,
    normals: selected,
    offsets: Float64Array.from(rows, (row) => offsets[row]),
  }
}
