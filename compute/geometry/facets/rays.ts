import { alongAll, type PlacedPolytope } from './placed.ts'
import { lengthOf } from './vectors.ts'

/** Depth over distance below which a row does not count as beyond another: see {@link Hit.clear}. */
export const TOUCH = 1e-9

/** What a ray meets first. */
export interface Hit {
  row: number
  /** Place of the hit: this often the ray's direction from its start. */
  length: number
  /** The next row is met so much later that this one is a facet for certain, and the place is inside of its face. */
  clear: boolean
}

/**
 * The row that a ray from the origin, which must be inside, meets first; undefined where it meets none. It is a facet
 * where no other row is met at the same place.
 */
export function shoot(polytope: PlacedPolytope, direction: Float64Array): Hit | undefined {
  let row = -1
  let first = 0
  let second = 0
  const rates = alongAll(polytope, direction)
  for (let i = 0; i < polytope.rows; i++) {
    const rate = rates[i] / polytope.offsets[i]
    if (rate > first) {
      second = first
      first = rate
      row = i
    } else if (rate > second) {
      second = rate
    }
  }
  if (row < 0) return undefined
  const length = 1 / first
  const depth = first * polytope.offsets[row] * (1 / second - length)
  return { row, length, clear: depth > TOUCH * length * lengthOf(direction) }
}
