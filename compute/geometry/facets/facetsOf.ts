import { workspace } from '../../kernels/index.ts'
import { widestInside } from './chebyshev.ts'
import { findFacets, type SearchLimits } from './clarkson.ts'
import { marginAt, moveInside } from './facePoint.ts'
import { independentFacets } from './independent.ts'
import { movedTo, placeRows } from './placed.ts'
import type { Polytope } from './polytope.ts'
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
   * normal shorter than this crosses the facet and nothing else. About 0 where another row is the same to rounding.
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
 *   that was not known yet when it was stopped, or rounding left it open
 * @throws AtlasError TOO_LARGE
 */
export function facetsOf(
  polytope: Polytope,
  { maxPrograms = Infinity, stopped = () => false }: Partial<SearchLimits> = {},
): PolytopeFacets | { kind: 'EMPTY' | 'UNKNOWN' } {
  openWorkspace(polytope)
  const reduced = inRowSpace(polytope, stopped)
  if (!reduced) return { kind: 'UNKNOWN' }
  if (reduced.dimension === reduced.rows) {
    const { point, places } = workspace.within(() => independentFacets(reduced))
    const whole = { center: null, inradius: Infinity, complete: true }
    return {
      kind: 'FACETS',
      ...whole,
      inside: reduced.lift(point),
      facets: facetsAt(reduced, point, places, true),
    }
  }
  const widest = workspace.within(() => widestInside(reduced, stopped))
  if (widest.kind !== 'INSIDE') return widest
  const { center, inradius, point, clearance } = widest
  const { places, complete } = workspace.within(() =>
    findFacets(movedTo(reduced, point), clearance, { maxPrograms, stopped }),
  )
  return {
    kind: 'FACETS',
    facets: facetsAt(reduced, point, places, complete),
    center: center && reduced.lift(center),
    inradius,
    inside: reduced.lift(point),
    complete,
  }
}

/**
 * Opens the thread's workspace with room for the search for a polytope's facets: its normals in as many coordinates as
 * there may be, and then, one after the other, what {@link inRowSpace} takes, the dictionary of the Chebyshev centre
 * with its rows, and that of the facets and their normals.
 */
function openWorkspace({ rows, dimension }: Polytope): void {
  const most = Math.min(rows, dimension)
  const bases = (rows + most) * dimension
  const dictionaries = 2 * (rows + 2) * (most + 2)
  workspace.open(rows * most + Math.max(bases, dictionaries) + 3 * dimension, Math.max(rows, dimension) + 2)
}

/** The facets with these places inside of their faces, relative to a point inside of the polytope. */
function facetsAt(
  reduced: ReducedPolytope,
  inside: Float64Array,
  places: ReadonlyMap<number, Float64Array>,
  complete: boolean,
): Facet[] {
  const centered = movedTo(reduced, inside)
  const found = [...places.keys()].sort((x, y) => x - y)
  // All of the facets bound it as well as all of the rows do.
  const bounding = complete ? placeRows(centered, found) : centered
  return found.map((row, i) => {
    const start = places.get(row) ?? inside
    const point = moveInside(bounding, complete ? i : row, start)
    const whole = reduced.lift(point.map((value, j) => inside[j] + value))
    return { row, distance: reduced.offsets[row], point: whole, margin: marginAt(centered, row, point) }
  })
}
