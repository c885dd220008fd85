import { existing } from '../../store/existing.ts'
import { regionKeyOrder } from '../../store/regions.ts'
import { storedConnection } from '../connection.ts'
import type { RegionResolvers } from '../generated/types.ts'
import { idTypes, toGlobalId } from '../globalId.ts'
import { codeOf, datasetOf, isExact, partitionOf, pathOfPartition } from '../lookup.ts'
import { readAffineMap } from '../affineMap.ts'
import { askedOf } from '../asked.ts'
import { clusterOfRow, membershipOf } from '../clusters.ts'
import { facetNeighbors } from '../facetNeighbors.ts'
import { labelCountsOf } from '../labelCounts.ts'
import { hammingNeighbors } from '../hammingNeighbors.ts'
import { membersOfRegion } from '../members.ts'
import { regionColumnsAsked } from '../regionsAsked.ts'

/** A region: its code, its members, and the regions related to it. */
export const regionResolvers: RegionResolvers = {
  id: ({ partitionId, index }) => toGlobalId(idTypes.Region, [partitionId, index]),
  async path(region, _args, { loaders }) {
    const partition = await partitionOf(region, loaders)
    return `${await pathOfPartition(partition, loaders)}/${region.codeHash}`
  },
  partition: (region, _args, { loaders }) => partitionOf(region, loaders),
  code: (region, _args, { loaders }) => codeOf(region, loaders),
  exact: async (region, _args, { loaders }) => isExact(await partitionOf(region, loaders), loaders),
  members: (region, args, context, info) => membersOfRegion(region, args, context, askedOf(info)),
  async exemplar(region, _args, { loaders }) {
    const { datasetId } = await partitionOf(region, loaders)
    return existing(await loaders.input.load([datasetId, region.exemplarInput]))
  },
  labelCounts: async (region, _args, { loaders }) =>
    labelCountsOf(region, await datasetOf(await partitionOf(region, loaders), loaders)),
  neighbors: (region, args, context, info) =>
    (args.kind === 'FACET' ? facetNeighbors : hammingNeighbors)(region, args, context, askedOf(info)),
  polytope: ({ partitionId, index }, _args, { loaders }) => loaders.polytope.load([partitionId, index]),
  affineMap: readAffineMap,
  async cluster(region, { clustering }, { loaders }) {
    const found = await membershipOf(region, clustering, loaders)
    return found && clusterOfRow(found, loaders)
  },
  clusterMembership: (region, { clustering }, { loaders }) => membershipOf(region, clustering, loaders),
  sharedWith: ({ partitionId, codeHash, bitCount }, args, { loaders }, info) =>
    storedConnection(loaders.regionsElsewhere, [codeHash, bitCount, partitionId], args, info, {
      order: regionKeyOrder,
      columns: regionColumnsAsked,
    }),
}
