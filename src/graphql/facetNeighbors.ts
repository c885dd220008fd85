import { AtlasError } from '../../compute/errors.ts'
import type { FacetRow, RegionRow } from '../store/models.ts'
import { cursorOf } from '../store/page.ts'
import { crossedFacets, facetOrder } from '../store/polytopes.ts'
import type { Asked } from './asked.ts'
import { connectionOf, firstOf, readConnection } from './connection.ts'
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
  asked: Asked,
): Promise<RegionNeighborConnectionModel> {
  const first = firstOf(args)
  const filter = crossedFacets(checkDistance(args.maxDistance))
  if (!(await loaders.polytope.load([partitionId, index])))
    throw new AtlasError(
      'FACETS_NOT_COMPUTED',
      'The facets of this region are not computed yet: call computeFacets with its id, wait for the job, then ask again.',
    )
  const parent = [partitionId, index]
  return readConnection(
    asked,
    async () => {
      const request = { first, after: args.after, order: facetOrder, filter }
      const { rows, places, hasNextPage } = await loaders.facetsOfRegion.page(parent, request)
      const regions = await Promise.all(
        rows.map(({ codeHash }) => loaders.regionByCode.load([partitionId, codeHash])),
      )
      return connectionOf(asked, {
        edges: rows.map((row, i) => toEdge(row, cursorOf(places[i]), regions[i])),
        nodeOf: ({ region }) => region,
        hasNextPage,
        hasPreviousPage: args.after != null,
      })
    },
    () => loaders.facetsOfRegion.count(parent, filter),
  )
}

function toEdge(facet: FacetRow, cursor: string, region: RegionRow | null): RegionNeighborEdgeModel {
  const { codeHash, bitCount, bitDistance, layer, unit, position, distance } = facet
  const across = { codeHash, bitCount }
  const node = region ?? noRegion()
  return { cursor, node, region, across, distance: bitDistance, layer, unit, position, offset: distance }
}

/** An error as the value of a field is thrown where the field is asked for. */
function noRegion(): AtlasError {
  return new AtlasError(
    'NO_REGION',
    'No input of the dataset lies across this facet, so that it has no node: ask for region, which is null there.',
  )
}
