import { float64Values } from '../../store/float64.ts'
import type { PolytopeBoxSideResolvers, PolytopeResolvers } from '../generated/types.ts'

/** A region's polytope. */
export const polytopeResolvers: PolytopeResolvers = {
  chebyshevCenter: ({ center }) => center && [...float64Values(center)],
  box: ({ boxLower, boxUpper }) =>
    boxLower && boxUpper && { lower: [...float64Values(boxLower)], upper: [...float64Values(boxUpper)] },
  boxSides: ({ partitionId, region }, _args, { loaders }) => loaders.boxFacets.load([partitionId, region]),
}

/** A side of the box that is a face. */
export const polytopeBoxSideResolvers: PolytopeBoxSideResolvers = {
  offset: ({ distance }) => distance,
}
