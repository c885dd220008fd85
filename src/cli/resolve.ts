/** From what a user types to rows; every function throws an AtlasError where there is no such thing. */
import { AtlasError } from '../../compute/errors.ts'
import type { Loaders } from '../store/loaders.ts'
import { clusteringTuple } from '../store/clusterings.ts'
import type {
  ClusteringRow,
  DatasetRow,
  DirectionSetRow,
  EmbeddingRow,
  NetworkRow,
  PartitionRow,
  RegionRow,
  SegmentSetRow,
} from '../store/models.ts'
import { partitionTuple } from '../store/partitions.ts'
import {
  clusteringSuffix,
  directionSetSuffix,
  embeddingSuffix,
  parsePath,
  partitionPath,
  segmentSetPath,
  type ClusteringKey,
  type DirectionSetKey,
  type EmbeddingKey,
  type PartitionKey,
  type SegmentSetKey,
  type SpanKey,
} from '../store/path.ts'
import { segmentSetTuple } from '../store/segmentSets.ts'
import type { Span } from './layers.ts'

/** Throws UNKNOWN_NETWORK. */
export async function findNetwork(loaders: Loaders, name: string): Promise<NetworkRow> {
  const network = await loaders.networkByName.load([name])
  if (network) return network
  throw new AtlasError(
    'UNKNOWN_NETWORK',
    `There is no network "${name}": \`atlas list networks\` names them.`,
  )
}

/** Throws UNKNOWN_DATASET. */
export async function findDataset(loaders: Loaders, name: string): Promise<DatasetRow> {
  const dataset = await loaders.datasetByName.load([name])
  if (dataset) return dataset
  throw new AtlasError(
    'UNKNOWN_DATASET',
    `There is no dataset "${name}": \`atlas list datasets\` names them.`,
  )
}

/** A span of a network's layers on a dataset, all of them by their names. Throws UNKNOWN_NETWORK, UNKNOWN_DATASET. */
export async function findSpan(
  loaders: Loaders,
  network: string,
  dataset: string,
  layers: Span,
): Promise<SpanKey> {
  const { id } = await findNetwork(loaders, network)
  await findDataset(loaders, dataset)
  if (layers !== 'all') return { network, dataset, fromLayer: layers.from, toLayer: layers.to }
  const { length } = await loaders.layersOfNetwork.load([id])
  return { network, dataset, fromLayer: 0, toLayer: length - 1 }
}

/** Throws BAD_PATH, UNKNOWN_PARTITION. */
export async function findPartition(loaders: Loaders, path: string): Promise<PartitionRow> {
  const parsed = parsePath(path)
  if (parsed.kind === 'partition') return findPartitionByKey(loaders, parsed)
  throw new AtlasError(
    'BAD_PATH',
    `"${path}" is not the path of a partition, which looks like mnist-a/1..3@mnist: \`atlas list partitions\` names them.`,
  )
}

/** Throws UNKNOWN_PARTITION. */
export async function findPartitionByKey(loaders: Loaders, key: PartitionKey): Promise<PartitionRow> {
  const partition = await loaders.partitionByKey.load(partitionTuple(key))
  if (partition) return partition
  const { network, dataset, fromLayer, toLayer } = key
  throw new AtlasError(
    'UNKNOWN_PARTITION',
    `There is no partition "${partitionPath(key)}": create it with ` +
      `\`atlas partition ${network} ${dataset} --layers ${fromLayer}..${toLayer}${positionOptions(key)}\`.`,
  )
}

function positionOptions({ granularity, positionStart, positionStep }: PartitionKey): string {
  if (granularity === 'WHOLE_INPUT') return ''
  if (positionStep === 0) return ` --at ${positionStart}`
  const skip = positionStart === 0 ? '' : ` --skip ${positionStart}`
  return ` --per-position${skip}${positionStep === 1 ? '' : ` --every ${positionStep}`}`
}

/** What identifies a region, by names. */
export type RegionKey = PartitionKey & { codeHash: string }

/** Throws UNKNOWN_PARTITION, UNKNOWN_REGION. */
export async function findRegion(loaders: Loaders, key: RegionKey): Promise<RegionRow> {
  const { id } = await findPartitionByKey(loaders, key)
  const region = await loaders.regionByCode.load([id, key.codeHash])
  if (region) return region
  const path = partitionPath(key)
  throw new AtlasError(
    'UNKNOWN_REGION',
    `The partition "${path}" has no region ${key.codeHash}: \`atlas show ${path}\` names its biggest ones.`,
  )
}

/** Throws UNKNOWN_SEGMENT_SET. */
export async function findSegmentSetByKey(loaders: Loaders, key: SegmentSetKey): Promise<SegmentSetRow> {
  const set = await loaders.segmentSetByKey.load(segmentSetTuple(key))
  if (set) return set
  const { network, dataset, fromLayer, toLayer, pairs, seed } = key
  throw new AtlasError(
    'UNKNOWN_SEGMENT_SET',
    `There is no segment set "${segmentSetPath(key)}": walk it with \`atlas segments ${network} ${dataset} ` +
      `--layers ${fromLayer}..${toLayer} --pairs ${pairs} --seed ${seed}\`.`,
  )
}

/** The computed segment set with a path. Throws BAD_PATH, UNKNOWN_SEGMENT_SET, SEGMENT_SET_NOT_READY. */
export async function findReadySegmentSet(loaders: Loaders, path: string): Promise<SegmentSetRow> {
  const parsed = parsePath(path)
  if (parsed.kind !== 'segments')
    throw new AtlasError(
      'BAD_PATH',
      `"${path}" is not the path of a segment set, which looks like mnist-a/0..2@mnist/segments:2000:1.`,
    )
  const set = await findSegmentSetByKey(loaders, parsed)
  if (set.computedAt) return set
  throw new AtlasError(
    'SEGMENT_SET_NOT_READY',
    `The segment set "${path}" is not computed yet: \`atlas segments\` with its network, dataset, layers, pairs and seed ` +
      'goes on with it.',
  )
}

/** Throws UNKNOWN_PARTITION, UNKNOWN_CLUSTERING. */
export async function findClusteringByKey(loaders: Loaders, key: ClusteringKey): Promise<ClusteringRow> {
  const { id } = await findPartitionByKey(loaders, key)
  const clustering = await loaders.clusteringByKey.load(clusteringTuple(id, key))
  if (clustering) return clustering
  const path = partitionPath(key)
  throw new AtlasError(
    'UNKNOWN_CLUSTERING',
    `There is no clustering "${path}/${clusteringSuffix(key)}": make it with \`atlas cluster ${path} ` +
      `--metric ${key.metric.toLowerCase()} --min-cluster-size ${key.minClusterSize} --min-samples ${key.minSamples}\`.`,
  )
}

/** As `findClusteringByKey`, computed. Throws CLUSTERING_NOT_READY too. */
export async function findReadyClustering(loaders: Loaders, key: ClusteringKey): Promise<ClusteringRow> {
  const clustering = await findClusteringByKey(loaders, key)
  if (clustering.computedAt) return clustering
  throw new AtlasError(
    'CLUSTERING_NOT_READY',
    `The clustering "${partitionPath(key)}/${clusteringSuffix(key)}" is not computed yet: \`atlas cluster\` with the same ` +
      'options waits for it.',
  )
}

/** Throws UNKNOWN_PARTITION, UNKNOWN_DIRECTIONS. */
export async function findDirectionSetByKey(
  loaders: Loaders,
  key: DirectionSetKey,
): Promise<DirectionSetRow> {
  const { id } = await findPartitionByKey(loaders, key)
  const set = await loaders.directionSetByKey.load([id, key.components, key.seed])
  if (set) return set
  const path = partitionPath(key)
  throw new AtlasError(
    'UNKNOWN_DIRECTIONS',
    `There is no direction set "${path}/${directionSetSuffix(key)}": make it with \`atlas directions ${path} ` +
      `--components ${key.components} --seed ${key.seed}\`.`,
  )
}

/** Throws UNKNOWN_PARTITION, UNKNOWN_EMBEDDING. */
export async function findEmbeddingByKey(loaders: Loaders, key: EmbeddingKey): Promise<EmbeddingRow> {
  const { id } = await findPartitionByKey(loaders, key)
  const embedding = await loaders.embeddingByKey.load([id, key.neighbors, key.seed])
  if (embedding) return embedding
  const path = partitionPath(key)
  throw new AtlasError(
    'UNKNOWN_EMBEDDING',
    `There is no map "${path}/${embeddingSuffix(key)}": make it with \`atlas map ${path} ` +
      `--neighbors ${key.neighbors} --seed ${key.seed}\`.`,
  )
}

/** As `findPartition`, computed. Throws PARTITION_NOT_READY too. */
export async function findReadyPartition(loaders: Loaders, path: string): Promise<PartitionRow> {
  const partition = await findPartition(loaders, path)
  if (partition.computedAt) return partition
  throw new AtlasError(
    'PARTITION_NOT_READY',
    `The partition "${path}" is not computed yet: \`atlas partition\` with its network, dataset and layers computes it.`,
  )
}
