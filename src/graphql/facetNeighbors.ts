import { AtlasError } from '../../compute/errors.ts'
import type { FacetRow, RegionRow } from '../store/models.ts'
import { crossedFacets, facetOrder } from '../store/polytopes.ts'
import { connectionOf, firstOf } from './connection.ts'
import type { Context } from './context.ts'
import type { RegionNeighborConnectionModel, RegionNeighborEdgeModel } from './models.ts'
import { checkDistance, type NeighborArguments } from './neighborArguments.ts'

/**
 * What lies across the stored facets of a region, the nearest to its exemplar first. Throws BAD_FIRST,
 * TOO_MANY_REQUESTED, BAD_ARGUMENT, BAD_CURSOR, FACETS_NOT_COMPUTED.
 */
export async function facetNeighbors(
  { partitionId, index }: RegionRow,
  args: NeighborArguments,
  { loaders }: Context,
): Promise<RegionNeighborConnectionModel> {
  const first = firstOf(args)
  const filter = crossedFacets(checkDistance(args.maxDistance))
  if (!(await loaders.polytope.load([partitionId, index])))
    throw new AtlasError(
      'FACETS_NOT_COMPUTED',
      'The facets of this region are not computed yet: call computeFacets with its id, wait for the job, then ask again.',
    )
  const parent = [partitionId, index]
  return connectionOf(
    async () => {
      const request = { first, after: args.after, order: facetOrder, filter }
      const { rows, hasNextPage } = await loaders.facetsOfRegion.page(parent, request)
      const edges = rows.map(async ({ row, cursor }) =>
        toEdge(row, cursor, await loaders.regionByCode.load([partitionId, row.codeHash])),
      )
      return { edges: await Promise.all(edges), hasNextPage }
    },
    ({ region }) => region,
    args.after != null,
    () => loaders.facetsOfRegion.count(parent, filter),
  )
}

function toEdge(facet: FacetRow, cursor: string, region: RegionRow | null): RegionNeighborEdgeModel {
  const { codeHash, bitCount, bitDistance, layer, unit, position, distance } = facet
  return {
    cursor,
    region,
    codeHash,
    bitCount,
    distance: bitDistance,
    layer,
    unit,
    position,
    offset: distance,
  }
}
