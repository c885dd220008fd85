import { clusterOrders, condensedNodeOrder } from '../../store/clusters.ts'
import { existing } from '../../store/existing.ts'
import type { Loaders } from '../../store/loaders.ts'
import type { ClusterRow, PartitionRow } from '../../store/models.ts'
import { clusteringSuffix } from '../../store/path.ts'
import { regionOrders } from '../../store/regions.ts'
import { spanLayers, unitAt } from '../../store/span.ts'
import { clusterOfRow } from '../clusters.ts'
import { firstOf, storedConnection } from '../connection.ts'
import type {
  ClusteringResolvers,
  ClusterMembershipResolvers,
  ClusterResolvers,
  CondensedNodeResolvers,
} from '../generated/types.ts'
import { idTypes, toGlobalId } from '../globalId.ts'
import { labelCountsOf } from '../labelCounts.ts'
import { datasetOf, partitionOf, pathOfPartition } from '../lookup.ts'
import { regionColumnsAsked } from '../regionsAsked.ts'

/** A clustering, its clusters and its tree. */
export const clusteringResolvers: ClusteringResolvers = {
  id: ({ id }) => toGlobalId(idTypes.Clustering, [id]),
  path: async (clustering, _args, { loaders }) =>
    `${await pathOfPartition(await partitionOf(clustering, loaders), loaders)}/${clusteringSuffix(clustering)}`,
  partition: (clustering, _args, { loaders }) => partitionOf(clustering, loaders),
  job: ({ jobId }, _args, { loaders }) => (jobId === null ? null : loaders.job.load([jobId])),
  clusters: ({ id, clusterCount }, args, { loaders }, info) =>
    storedConnection(loaders.clusters, [id], args, info, {
      order: clusterOrders[args.orderBy ?? 'INDEX_ASC'],
      count: async () => clusterCount,
    }),
  tree: ({ id }, args, { loaders }, info) =>
    storedConnection(loaders.condensedNodes, [id], args, info, { order: condensedNodeOrder }),
}

/** A cluster, its place in the tree, and what its regions have in common. */
export const clusterResolvers: ClusterResolvers = {
  id: ({ clusteringId, index }) => toGlobalId(idTypes.Cluster, [clusteringId, index]),
  async path({ clusteringId, index }, _args, { loaders }) {
    const clustering = existing(await loaders.clusteringById.load([clusteringId]))
    const partition = await pathOfPartition(await partitionOf(clustering, loaders), loaders)
    return `${partition}/${clusteringSuffix(clustering)}/${index}`
  },
  clustering: async ({ clusteringId }, _args, { loaders }) =>
    existing(await loaders.clusteringById.load([clusteringId])),
  stability: async (cluster, _args, { loaders }) => (await nodeOf(cluster, loaders)).stability,
  birth: async (cluster, _args, { loaders }) => existing((await nodeOf(cluster, loaders)).birth),
  death: async (cluster, _args, { loaders }) => (await nodeOf(cluster, loaders)).death,
  async exemplar(cluster, _args, { loaders }) {
    const { id } = await partitionOfCluster(cluster, loaders)
    return existing(await loaders.region.load([id, cluster.exemplarRegion]))
  },
  labelCounts: async (cluster, _args, { loaders }) =>
    labelCountsOf(cluster, await datasetOf(await partitionOfCluster(cluster, loaders), loaders)),
  regions: ({ clusteringId, index, regionCount }, args, { loaders }, info) =>
    storedConnection(loaders.regionsOfCluster, [clusteringId, index], args, info, {
      order: regionOrders[args.orderBy ?? 'INDEX_ASC'],
      columns: regionColumnsAsked,
      count: async () => regionCount,
    }),
  sharedCode: async (cluster, _args, { loaders, scans }) =>
    scans.sharedCodeOfCluster(await questionOf(cluster, loaders)),
  async distinguishingBits(cluster, args, { loaders, scans }) {
    const question = { ...(await questionOf(cluster, loaders)), first: firstOf(args) }
    const span = spanLayers(question.partition, question.layers)
    const found = await scans.distinguishCluster(question)
    return found.map(({ bit, ...shares }) => ({ ...unitAt(bit, span), ...shares }))
  },
}

/** What a clustering says of a region. */
export const clusterMembershipResolvers: ClusterMembershipResolvers = {
  cluster: (row, _args, { loaders }) => clusterOfRow(row, loaders),
}

/** A node of a clustering's tree. */
export const condensedNodeResolvers: CondensedNodeResolvers = {
  cluster: (row, _args, { loaders }) => clusterOfRow(row, loaders),
}

async function nodeOf({ clusteringId, node }: ClusterRow, loaders: Loaders) {
  return existing(await loaders.condensedNode.load([clusteringId, node]))
}

async function partitionOfCluster({ clusteringId }: ClusterRow, loaders: Loaders): Promise<PartitionRow> {
  return partitionOf(existing(await loaders.clusteringById.load([clusteringId])), loaders)
}

/** What is asked about a cluster's codes. */
async function questionOf(cluster: ClusterRow, loaders: Loaders) {
  const partition = await partitionOfCluster(cluster, loaders)
  const layers = await loaders.layersOfNetwork.load([partition.networkId])
  return { clusteringId: cluster.clusteringId, index: cluster.index, partition, layers }
}
