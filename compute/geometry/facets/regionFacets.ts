import type { LocalMap } from '../localMap.ts'
import type { SearchLimits } from './clarkson.ts'
import { facetsOf, type Facet, type PolytopeFacets } from './facetsOf.ts'
import { halfSpaces, type Bound, type Box } from './halfSpaces.ts'

/** A face of a region. */
export interface RegionFacet extends Omit<Facet, 'row'> {
  /** The units whose boundary it lies on, or the side of the box; more than one where hyperplanes are the same. */
  bounds: Bound[]
  /** Outward, of length 1: `point` plus a step along it, shorter than `margin`, is on the other side. */
  normal: Float64Array
}

/** The facets of a region; points are points of the space where its span begins. */
export interface RegionFacets extends Omit<PolytopeFacets, 'facets'> {
  facets: RegionFacet[]
}

export interface RegionFacetOptions extends Partial<SearchLimits> {
  /** The region is cut off at this box, the sides of which are facets then. */
  box?: Box
}

/**
 * The facets of a region of a span of layers, see {@link facetsOf}; distances are from the base point of its map, which
 * may lie on a face, or outside by the rounding of the code.
 *
 * @param map of the region, see `localMap`
 * @param bits the region's code
 * @returns EMPTY where no point has this code (inside of the box), or only a flat set of points
 */
export function regionFacets(
  map: LocalMap,
  bits: Uint8Array,
  { box, ...limits }: RegionFacetOptions = {},
): RegionFacets | { kind: 'EMPTY' | 'UNKNOWN' } {
  const { polytope, bounds, possible } = halfSpaces(map, bits, box)
  if (!possible) return { kind: 'EMPTY' }
  const found = facetsOf(polytope, limits)
  if (found.kind !== 'FACETS') return found
  const { dimension, normals } = polytope
  const whole = (point: Float64Array) => point.map((value, j) => map.base[j] + value)
  return {
    ...found,
    center: found.center && whole(found.center),
    inside: whole(found.inside),
    facets: found.facets.map(({ row, distance, point, margin }) => ({
      bounds: bounds[row],
      normal: normals.slice(row * dimension, (row + 1) * dimension),
      distance,
      point: whole(point),
      margin,
    })),
  }
}
