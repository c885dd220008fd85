/** Clusterings and clusters that an argument or a row must name. */
import { AtlasError } from '../../compute/errors.ts'
import { clusteringTuple } from '../store/clusterings.ts'
import type { ClusterKey } from '../store/clusters.ts'
import { existing } from '../store/existing.ts'
import type { Loaders } from '../store/loaders.ts'
import type { ClusteringRow, ClusterRow, PartitionRow, RegionClusterRow, RegionRow } from '../store/models.ts'
import { partitionTuple } from '../store/partitions.ts'
import { parsePath, type ClusteringKey } from '../store/path.ts'
import { idTypes, parseGlobalId } from './globalId.ts'

/** What a clustering, by its id or path, says of a region; null until computed. Throws what `clusteringOfId` throws. */
export async function membershipOf(
  { partitionId, index }: RegionRow,
  id: string,
  loaders: Loaders,
): Promise<RegionClusterRow | null> {
  const clustering = await clusteringOfId(id, loaders)
  checkPartition(clustering, partitionId)
  return loaders.regionCluster.load([clustering.id, index])
}

/**
 * The computed clustering of a partition with this id or path. Throws what `clusteringOfId` throws, BAD_ARGUMENT (of
 * another partition), CLUSTERING_NOT_READY.
 */
export async function readyClusteringOf(
  partitionId: number,
  id: string,
  loaders: Loaders,
): Promise<ClusteringRow> {
  const clustering = await clusteringOfId(id, loaders)
  checkPartition(clustering, partitionId)
  if (clustering.computedAt) return clustering
  throw new AtlasError(
    'CLUSTERING_NOT_READY',
    `The clustering "${id}" is not computed yet: wait until its \`job\` has succeeded, then ask again.`,
  )
}

/** The cluster that a row names; null for noise. */
export async function clusterOfRow(
  { clusteringId, cluster }: { clusteringId: number; cluster: number | null },
  loaders: Loaders,
): Promise<ClusterRow | null> {
  return cluster === null ? null : loaders.cluster.load([clusteringId, cluster])
}

/** The key of a partition's cluster, by its id or path. Throws BAD_ID, BAD_PATH, UNKNOWN_CLUSTER, BAD_ARGUMENT. */
export async function clusterKeyOf(
  id: string,
  partition: PartitionRow,
  loaders: Loaders,
): Promise<ClusterKey> {
  const cluster = await clusterOfId(id, loaders)
  if (!cluster)
    throw new AtlasError(
      'UNKNOWN_CLUSTER',
      `There is no cluster "${id}": find one with \`Partition.clusterings\`, or make some with \`clusterRegions\`.`,
    )
  checkPartition(existing(await loaders.clusteringById.load([cluster.clusteringId])), partition.id)
  return cluster
}

/** The clustering with a global id, or with a path. Throws BAD_ID, BAD_PATH, UNKNOWN_CLUSTERING. */
export async function clusteringOfId(id: string, loaders: Loaders): Promise<ClusteringRow> {
  const clustering = await (id.includes('@')
    ? clusteringOfKey(keyOf(id, 'clustering'), loaders)
    : loaders.clusteringById.load(parseGlobalId(id, idTypes.Clustering)))
  if (clustering) return clustering
  throw new AtlasError(
    'UNKNOWN_CLUSTERING',
    `There is no clustering "${id}": find one with \`Partition.clusterings\`, or make it with \`clusterRegions\`.`,
  )
}

async function clusterOfId(id: string, loaders: Loaders): Promise<ClusterRow | null> {
  if (!id.includes('@')) return loaders.cluster.load(parseGlobalId(id, idTypes.Cluster))
  const key = keyOf(id, 'cluster')
  const clustering = await clusteringOfKey(key, loaders)
  return clustering && loaders.cluster.load([clustering.id, key.index])
}

function keyOf<Kind extends 'clustering' | 'cluster'>(path: string, kind: Kind) {
  const key = parsePath(path)
  if (isOfKind(key, kind)) return key
  const example = `mnist-a/2..2@mnist/clusters:hamming:5:5${kind === 'cluster' ? '/0' : ''}`
  throw new AtlasError('BAD_PATH', `"${path}" is no path of a ${kind}: those look like ${example}.`)
}

function isOfKind<Key extends { kind: string }, Kind extends string>(
  key: Key,
  kind: Kind,
): key is Extract<Key, { kind: Kind }> {
  return key.kind === kind
}

async function clusteringOfKey(key: ClusteringKey, loaders: Loaders): Promise<ClusteringRow | null> {
  const partition = await loaders.partitionByKey.load(partitionTuple(key))
  return partition && loaders.clusteringByKey.load(clusteringTuple(partition.id, key))
}

function checkPartition(clustering: ClusteringRow, partitionId: number): void {
  if (clustering.partitionId === partitionId) return
  throw new AtlasError(
    'BAD_ARGUMENT',
    'The clustering is one of another partition: choose one of the clusterings of this partition.',
  )
}
