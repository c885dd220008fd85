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

/** How far a point is inside of each row's hyperplane: b - A y. */
export function slacksAt(polytope: Polytope, point: Float64Array): Float64Array {
  const slacks = polytope.offsets.slice()
  for (let row = 0; row < slacks.length; row++) slacks[row] -= along(polytope, row, point)
  return slacks
}

/** The same polytope with another point as the origin; normals are shared. */
export function movedTo(polytope: Polytope, origin: Float64Array): Polytope {
  return { ...polytope, offsets: slacksAt(polytope, origin) }
}

/** The polytope of some of the rows. */
export function withRows({ dimension, normals, offsets }: Polytope, rows: readonly number[]): Polytope {
  const selected = new Float64Array(rows.length * dimension)
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
