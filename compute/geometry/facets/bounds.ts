import { workspace } from '../../kernels/index.ts'
import type { Dictionary } from './dictionary.ts'
import type { PlacedPolytope } from './placed.ts'
import type { Polytope } from './polytope.ts'
import { TOUCH } from './rays.ts'
import { nextEdge, PivotRule } from './simplex.ts'
import { lengthOf } from './vectors.ts'

/** The number under which a direction stands in a dictionary: no row of a polytope. */
const DIRECTION = 2 ** 31 - 1

/**
 * The bound on normal . y that the rows of a dictionary give at an optimum: the normal is a sum of theirs with weights
 * of 0 or more, so that the sum of their offsets bounds it. From the rows as they were given, for those of the
 * dictionary have rounded; Infinity where that sum is not the normal.
 *
 * @param place of the normal's row in the dictionary
 * @param normals the normal's entries begin at `from`
 */
export function boundBy(
  { table, columns, nonbasic }: Dictionary,
  { normals: given, offsets }: PlacedPolytope,
  place: number,
  normals: Float64Array,
  from: number,
): number {
  const rows: number[] = []
  const weights: number[] = []
  let bound = 0
  for (let column = 0; column < columns; column++) {
    const row = nonbasic[column]
    const weight = -table[place * (columns + 1) + column]
    if (row < 0 || weight <= 0) continue
    bound += weight * offsets[row]
    rows.push(row)
    weights.push(weight)
  }
  const sum = workspace.combine(given, columns, Int32Array.from(rows), Float64Array.from(weights))
  const rest = sum.map((value, j) => normals[from + j] - value)
  return lengthOf(rest) <= TOUCH ? bound : Infinity
}

/** Bounds on each coordinate and on its negative, in turns, by the rows of a dictionary; Infinity where there is none. */
export function boundingBox(dictionary: Dictionary, polytope: PlacedPolytope): Float64Array {
  const box = new Float64Array(2 * polytope.dimension)
  const direction = workspace.take(polytope.dimension)
  for (let side = 0; side < box.length; side++) {
    direction.fill(0)
    direction[side >> 1] = side % 2 === 0 ? 1 : -1
    const place = dictionary.appendNormal(DIRECTION, direction, 0, 0)
    box[side] = descend(dictionary, place) ? boundBy(dictionary, polytope, place, direction, 0) : Infinity
    dictionary.remove(place)
  }
  return box
}

/** Goes where the slack at a place is least; false where there is no such point, or none was found. */
function descend(dictionary: Dictionary, place: number): boolean {
  const rule = new PivotRule(dictionary)
  for (;;) {
    const edge = nextEdge(dictionary, place, 1, rule)
    if (edge === undefined) return true
    if (edge.place < 0 || !rule.note(edge.length)) return false
    dictionary.pivot(edge.place, edge.column)
  }
}

/** A row's hyperplane does not cut a box. */
export function isBeyond({ normals, offsets, dimension }: Polytope, row: number, box: Float64Array): boolean {
  let reached = 0
  for (let j = 0; j < dimension; j++) {
    const value = normals[row * dimension + j]
    if (value > 0) reached += value * box[2 * j]
    else if (value < 0) reached -= value * box[2 * j + 1]
  }
  return reached <= offsets[row]
}
