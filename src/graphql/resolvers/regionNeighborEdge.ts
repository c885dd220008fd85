import { AtlasError } from '../../../compute/errors.ts'
import { existing } from '../../store/existing.ts'
import type { RegionNeighborEdgeResolvers } from '../generated/types.ts'

/** A neighbour of a region. */
export const regionNeighborEdgeResolvers: RegionNeighborEdgeResolvers = {
  node({ region }) {
    if (region) return region
    throw new AtlasError(
      'NO_REGION',
      'No input of the dataset lies across this facet, so that it has no node: ask for region, which is null there.',
    )
  },
  code: async ({ codeHash, bitCount }, _args, { loaders }) =>
    existing(await loaders.code.load([codeHash, bitCount])),
}
