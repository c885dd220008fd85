import { widestInside } from './chebyshev.ts'
import { findFacets, type SearchLimits } from './clarkson.ts'
import { moveInside } from './facePoint.ts'
import { independentFacets } from './independent.ts'
import { movedTo, type Polytope } from './polytope.ts'
import { inRowSpace, type ReducedPolytope } from './rowSpace.ts'

/** A non-redundant half-space of a polytope. */
export interface Facet {
  row: number
  /** How far the origin is inside of its hyperplane, along the normal; negative where it is outside. */
  distance: number
  /** A point strictly inside of the face, in the polytope's coordinates. */
  point: Float64Array
  /**
   * Distance from that point to the nearest other row's hyperplane, Infinity where there is none: a step along the
   * normal shorter than this crosses the facet and nothing else.
   */
  margin: number
}

/** The facets of a polytope with an inside. */
export interface PolytopeFacets {
  kind: 'FACETS'
  /** By row. */
  facets: Facet[]
  /** Chebyshev centre; null where balls of any radius fit. */
  center: Float64Array | null
  /** Radius of the greatest ball inside; Infinity where balls of any radius fit. */
  inradius: number
  /** A point strictly inside, with room around it. */
  inside: Float64Array
  /** False where a limit stopped the search, or rounding left a row undecided: facets may be missing then. */
  complete: boolean
}

/**
 * The facets of a polytope, in float64: the rows without which it would be larger. A row whose hyperplane only touches
 * the polytope, in less than a face, is redundant: that is one beyond which no point reaches deeper, without it, than
 * 1e-9 of the point's distance from `inside`. Of rows that are the same by that measure, one counts. The origin may lie
 * outside.
 *
 * The rows are taken in the coordinates of their row space; where they are independent, all of them are facets, else
 * random rays, the same at each call, find most facets and {@link findFacets} the others.
 *
 * @returns EMPTY where no point is strictly inside of all rows (by 1e-12 of the offsets' median size), UNKNOWN where
 *   that was not known yet when it was stopped
 */
export function facetsOf(
  polytope: Polytope,
  { maxPrograms = Infinity, stopped = () => false }: Partial<SearchLimits> = {},
): PolytopeFacets | { kind: 'EMPTY' | 'UNKNOWN' } {
  const reduced = inRowSpace(polytope, stopped)
  if (!reduced) return { kind: 'UNKNOWN' }
  if (reduced.dimension === reduced.rows) {
    const { point, places } = independentFacets(reduced)
    const whole = { center: null, inradius: Infinity, complete: true }
    return { kind: 'FACETS', ...whole, inside: reduced.lift(point), facets: facetsAt(reduced, point, places) }
  }
  const widest = widestInside(reduced, stopped)
  if (widest.kind !== 'INSIDE') return widest
  const { center, inradius, point, clearance } = widest
  const { places, complete } = findFacets(movedTo(reduced, point), clearance, { maxPrograms, stopped })
  return {
    kind: 'FACETS',
    facets: facetsAt(reduced, point, places),
    center: center && reduced.lift(center),
    inradius,
    inside: reduced.lift(point),
    complete,
  }
}

/** The facets with these places inside of their faces, relative to a point inside of the polytope. */
function facetsAt(
  reduced: ReducedPolytope,
  inside: Float64Array,
  places: ReadonlyMap<number, Float64Array>,
): Facet[] {
  const centered = movedTo(reduced, inside)
  return Array.from(places, ([row, place]) => {
    const { point, margin } = moveInside(centered, row, place)
    const whole = reduced.lift(point.map((value, j) => inside[j] + value))
    return { row, distance: reduced.offsets[row], point: whole, margin }
  }).sort((x, y) => x.row - y.row)
}
