import type { RegionNeighborEdgeResolvers } from '../generated/types.ts'
import { codeOf } from '../lookup.ts'

/** A neighbour of a region. */
export const regionNeighborEdgeResolvers: RegionNeighborEdgeResolvers = {
  code: ({ across }, _args, { loaders }) => codeOf(across, loaders),
}
