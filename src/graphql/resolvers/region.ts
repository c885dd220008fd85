import { existing } from '../../store/existing.ts'
import { memberOrder, regionKeyOrder } from '../../store/regions.ts'
import { storedConnection } from '../connection.ts'
import type { RegionResolvers } from '../generated/types.ts'
import { idTypes, toGlobalId } from '../globalId.ts'
import { datasetOf, isExact, partitionOf, pathOfPartition } from '../lookup.ts'
import { readAffineMap } from '../affineMap.ts'
import { facetNeighbors } from '../facetNeighbors.ts'
import { hammingNeighbors } from '../hammingNeighbors.ts'

/** A region: its code, its members, and the regions related to it. */
export const regionResolvers: RegionResolvers = {
  id: ({ partitionId, index }) => toGlobalId(idTypes.Region, [partitionId, index]),
  async path(region, _args, { loaders }) {
    const partition = await partitionOf(region, loaders)
    return `${await pathOfPartition(partition, loaders)}/${region.codeHash}`
  },
  partition: (region, _args, { loaders }) => partitionOf(region, loaders),
  code: async ({ codeHash, bitCount }, _args, { loaders }) =>
    existing(await loaders.code.load([codeHash, bitCount])),
  exact: async (region, _args, { loaders }) => isExact(await partitionOf(region, loaders), loaders),
  members: ({ partitionId, index, memberCount }, args, { loaders }) =>
    storedConnection(loaders.membersOfRegion, [partitionId, index], args, {
      order: memberOrder,
      count: async () => memberCount,
    }),
  async exemplar(region, _args, { loaders }) {
    const { datasetId } = await partitionOf(region, loaders)
    return existing(await loaders.input.load([datasetId, region.exemplarInput]))
  },
  async labelCounts(region, _args, { loaders }) {
    const { classNames } = await datasetOf(await partitionOf(region, loaders), loaders)
    return region.labels
      .map((label, i) => ({
        label,
        className: classNames.at(label) ?? String(label),
        count: region.labelCounts[i],
      }))
      .sort((a, b) => b.count - a.count || a.label - b.label)
  },
  neighbors: (region, args, context) =>
    args.kind === 'FACET' ? facetNeighbors(region, args, context) : hammingNeighbors(region, args, context),
  polytope: ({ partitionId, index }, _args, { loaders }) => loaders.polytope.load([partitionId, index]),
  affineMap: readAffineMap,
  sharedWith: ({ partitionId, codeHash, bitCount }, args, { loaders }) =>
    storedConnection(loaders.regionsElsewhere, [codeHash, bitCount, partitionId], args, {
      order: regionKeyOrder,
    }),
}
