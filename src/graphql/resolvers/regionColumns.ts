import { readMatchingRegions } from '../../store/packedColumns.ts'
import { readyClusteringOf } from '../clusters.ts'
import type { RegionColumnsResolvers } from '../generated/types.ts'
import { regionCondition } from '../regionCondition.ts'

/** One value a region; each column is read when it is asked for. */
export const regionColumnsResolvers: RegionColumnsResolvers = {
  memberCounts: ({ id }, _args, { loaders }) => loaders.memberCountColumn.load([id]),
  labels: ({ id }, _args, { loaders }) => loaders.labelColumn.load([id]),
  labelEntropies: ({ id }, _args, { loaders }) => loaders.labelEntropyColumn.load([id]),
  activeBitCounts: ({ id }, _args, { loaders }) => loaders.activeBitCountColumn.load([id]),
  clusters: async ({ id }, { clustering }, { loaders }) =>
    loaders.clusterColumn.load([(await readyClusteringOf(id, clustering, loaders)).id]),
  matching: async (partition, { filter }, { db, loaders }) =>
    readMatchingRegions(db, partition.id, await regionCondition(partition, filter, loaders)),
}
