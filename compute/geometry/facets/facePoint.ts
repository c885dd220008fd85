import { alongAll, slacksAt, type PlacedPolytope } from './placed.ts'
import { along } from './polytope.ts'
import { leastOf, lengthOf } from './vectors.ts'

/** Sines of angles below this count as none. */
const PARALLEL = 1e-6
/** Lines looked at for the greatest minimum; some ten are enough. */
const MAX_LINES = 100

/**
 * A point well inside of a facet: from a given point of its face towards the projection of the origin, and then away
 * from the facet that is nearest, each as far as the distance to the nearest facet grows.
 *
 * @param polytope whose rows bound it: the facets, or all rows
 */
export function moveInside(polytope: PlacedPolytope, row: number, start: Float64Array): Float64Array {
  const { dimension, normals, offsets } = polytope
  const normal = normals.subarray(row * dimension, (row + 1) * dimension)
  const reach = lengthOf(start)
  const point = onto(polytope, row, start)
  const slacks = slacksAt(polytope, point)
  // The row itself stops nothing.
  slacks[row] = Infinity
  const toCenter = normal.map((value, j) => offsets[row] * value - point[j])
  move(polytope, point, slacks, toCenter, 1)
  const nearest = leastAt(slacks, slacks, 0)
  if (nearest >= 0) {
    const other = normals.subarray(nearest * dimension, (nearest + 1) * dimension)
    const part = along(polytope, row, other)
    const away = normal.map((value, j) => part * value - other[j])
    // A parallel row is as far from everywhere.
    if (lengthOf(away) > PARALLEL) move(polytope, point, slacks, away, reach / lengthOf(away))
  }
  return onto(polytope, row, point)
}

/** Distance from a point of a row's face to the nearest other row's hyperplane. */
export function marginAt(polytope: PlacedPolytope, row: number, point: Float64Array): number {
  const slacks = slacksAt(polytope, point)
  slacks[row] = Infinity
  return leastOf(slacks)
}

/** A point, without its distance to a row's hyperplane. */
function onto(polytope: PlacedPolytope, row: number, point: Float64Array): Float64Array {
  const { dimension, normals, offsets } = polytope
  const slack = offsets[row] - along(polytope, row, point)
  return point.map((value, j) => value + slack * normals[row * dimension + j])
}

/** Moves a point along a direction, up to `most` times it, to where the least slack is greatest. */
function move(
  polytope: PlacedPolytope,
  point: Float64Array,
  slacks: Float64Array,
  direction: Float64Array,
  most: number,
): void {
  const slopes = alongAll(polytope, direction).map((rate) => -rate)
  const length = greatestMinimum(slacks, slopes, most)
  for (let j = 0; j < point.length; j++) point[j] += length * direction[j]
  for (let row = 0; row < slopes.length; row++) slacks[row] += length * slopes[row]
}

/** The t from 0 to `most` at which the least of the lines value + t slope is greatest. */
function greatestMinimum(values: Float64Array, slopes: Float64Array, most: number): number {
  let rising = leastAt(values, slopes, 0)
  let falling = leastAt(values, slopes, most)
  if (rising < 0 || slopes[rising] <= 0) return 0
  if (slopes[falling] >= 0) return most
  let t = 0
  for (let lines = 0; lines < MAX_LINES; lines++) {
    t = (values[falling] - values[rising]) / (slopes[rising] - slopes[falling])
    const least = leastAt(values, slopes, t)
    if (least === rising || least === falling) break
    if (values[least] + t * slopes[least] >= values[rising] + t * slopes[rising]) break
    if (slopes[least] > 0) rising = least
    else falling = least
  }
  return t
}

/** The line that is least at t; -1 where all are infinite. */
function leastAt(values: Float64Array, slopes: Float64Array, t: number): number {
  let least = -1
  let best = Infinity
  for (let i = 0; i < values.length; i++) {
    const value = values[i] + t * slopes[i]
    if (value < best) {
      best = value
      least = i
    }
  }
  return least
}
