/** Exact facets of the polytopes of regions, in float64. */
export { codesAcross } from './codesAcross.ts'
export { facetsOf } from './facetsOf.ts'
export type { Facet, PolytopeFacets } from './facetsOf.ts'
export { halfSpaces } from './halfSpaces.ts'
export type { Bound, Box, HalfSpaces } from './halfSpaces.ts'
export type { Polytope } from './polytope.ts'
export { regionFacets } from './regionFacets.ts'
export type { RegionFacet, RegionFacetOptions, RegionFacets } from './regionFacets.ts'
