import { workspace } from '../../kernels/index.ts'
import { withRows, type Polytope } from './polytope.ts'

/** A polytope whose normals lie in the thread's workspace, where products with all of them are fast. */
export interface PlacedPolytope extends Polytope {
  readonly placed: true
}

/** Puts some rows of a polytope into the workspace, which must have room for them. */
export function placeRows(polytope: Polytope, rows: readonly number[]): PlacedPolytope {
  const normals = workspace.take(rows.length * polytope.dimension)
  return { ...withRows(polytope, rows, normals), placed: true }
}

/** a . y of each row. */
export function alongAll({ normals, rows }: PlacedPolytope, point: Float64Array): Float64Array {
  return workspace.multiply(normals, rows, point)
}

/** How far a point is inside of each row's hyperplane: b - A y. */
export function slacksAt(polytope: PlacedPolytope, point: Float64Array): Float64Array {
  const slacks = alongAll(polytope, point)
  for (let row = 0; row < slacks.length; row++) slacks[row] = polytope.offsets[row] - slacks[row]
  return slacks
}

/** The same polytope with another point as the origin; normals are shared. */
export function movedTo(polytope: PlacedPolytope, origin: Float64Array): PlacedPolytope {
  return { ...polytope, offsets: slacksAt(polytope, origin) }
}
