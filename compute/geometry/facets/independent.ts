import { typicalOf } from './chebyshev.ts'
import { Dictionary } from './dictionary.ts'
import type { PlacedPolytope } from './placed.ts'
import { addMultiple } from './vectors.ts'

/**
 * A point inside of a polytope with as many rows as dimensions and independent normals, and one of each face, relative
 * to it: all rows are facets, for there is a point for any slacks. Balls of any radius fit into such a polytope.
 */
export function independentFacets(polytope: PlacedPolytope): {
  point: Float64Array
  places: Map<number, Float64Array>
} {
  const { rows, offsets } = polytope
  const dictionary = new Dictionary(polytope, rows, 0)
  for (let row = 0; row < rows; row++) dictionary.append(row)
  for (let column = 0; column < rows; column++) dictionary.pivot(greatestIn(dictionary, column), column)
  // Near the origin, but with room on all sides.
  const typical = typicalOf(offsets)
  const point = new Float64Array(rows)
  const places = new Map<number, Float64Array>()
  const vertex = dictionary.pointAt()
  dictionary.nonbasic.forEach((row, column) => {
    const slack = Math.max(offsets[row], typical)
    const edge = dictionary.pointAt(column, 1).map((value, j) => value - vertex[j])
    addMultiple(point, 0, slack - offsets[row], edge, 0, rows)
    places.set(
      row,
      edge.map((value) => -slack * value),
    )
  })
  return { point, places }
}

/** The place of the slack with the greatest coefficient in a column. */
function greatestIn({ table, columns, rows, basic }: Dictionary, column: number): number {
  let greatest = -1
  let most = -1
  for (let row = 0; row < rows; row++) {
    const size = Math.abs(table[row * (columns + 1) + column])
    if (basic[row] < 0 || size <= most) continue
    most = size
    greatest = row
  }
  return greatest
}
