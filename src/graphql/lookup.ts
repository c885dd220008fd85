/** Things that an argument or a row must name. */
import { AtlasError } from '../../compute/errors.ts'
import { CodeRow } from '../store/codes.ts'
import { existing } from '../store/existing.ts'
import type { Loaders } from '../store/loaders.ts'
import { complexTuple } from '../store/complexes.ts'
import type {
  ComplexRow,
  DatasetRow,
  InputRow,
  LayerRow,
  NetworkRow,
  PartitionRow,
  RegionRow,
  SegmentSetRow,
} from '../store/models.ts'
import { partitionTuple } from '../store/partitions.ts'
import { parsePath, partitionPath } from '../store/path.ts'
import { isExactSpan } from '../store/span.ts'
import { segmentSetTuple } from '../store/segmentSets.ts'
import { idTypes, parseGlobalId } from './globalId.ts'

/**
 * The partition with a global id, or with a path, which a person can write. Throws BAD_ID, BAD_PATH,
 * UNKNOWN_PARTITION.
 */
export async function partitionOfId(id: string, loaders: Loaders): Promise<PartitionRow> {
  const partition = await (id.includes('@')
    ? partitionOfPath(id, loaders)
    : loaders.partitionById.load(parseGlobalId(id, idTypes.Partition)))
  if (partition) return partition
  throw new AtlasError(
    'UNKNOWN_PARTITION',
    `There is no partition "${id}": find one with \`partitions\`, or make it with \`createPartition\`.`,
  )
}

/** The partitions with global ids or paths, in order. Throws BAD_ID, BAD_PATH, UNKNOWN_PARTITION. */
export function partitionsOfIds(ids: readonly string[], loaders: Loaders): Promise<PartitionRow[]> {
  return Promise.all(ids.map((id) => partitionOfId(id, loaders)))
}

/** The partition with a path; null where there is none. Throws BAD_PATH, also for paths of other things. */
export async function partitionOfPath(path: string, loaders: Loaders): Promise<PartitionRow | null> {
  const key = parsePath(path)
  if (key.kind === 'partition') return loaders.partitionByKey.load(partitionTuple(key))
  throw new AtlasError('BAD_PATH', `"${path}" is no path of a partition: those look like mnist-a/1..3@mnist.`)
}

/** The complex with a path; null where there is none. Throws BAD_PATH, also for paths of other things. */
export async function complexOfPath(path: string, loaders: Loaders): Promise<ComplexRow | null> {
  const key = parsePath(path)
  if (key.kind === 'complex') return loaders.complexByKey.load(complexTuple(key))
  throw new AtlasError(
    'BAD_PATH',
    `"${path}" is no path of a complex: those look like acas/0..5@box:<16 hex digits>.`,
  )
}

/** The region with a global id, or with a path. Throws BAD_ID, BAD_PATH, UNKNOWN_REGION. */
export async function regionOfId(id: string, loaders: Loaders): Promise<RegionRow> {
  const region = id.includes('@')
    ? await regionOfPath(id, loaders)
    : await loaders.region.load(parseGlobalId(id, idTypes.Region))
  if (region) return region
  throw new AtlasError('UNKNOWN_REGION', `There is no region "${id}": find one with \`Partition.regions\`.`)
}

async function regionOfPath(path: string, loaders: Loaders): Promise<RegionRow | null> {
  const key = parsePath(path)
  if (key.kind !== 'region')
    throw new AtlasError(
      'BAD_PATH',
      `"${path}" is no path of a region: those look like mnist-a/1..3@mnist/<32 hex digits>.`,
    )
  const partition = await loaders.partitionByKey.load(partitionTuple(key))
  return partition && loaders.regionByCode.load([partition.id, key.codeHash])
}

/** The segment set with a path; null where there is none. Throws BAD_PATH, also for paths of other things. */
export async function segmentSetOfPath(path: string, loaders: Loaders): Promise<SegmentSetRow | null> {
  const key = parsePath(path)
  if (key.kind === 'segments') return loaders.segmentSetByKey.load(segmentSetTuple(key))
  throw new AtlasError(
    'BAD_PATH',
    `"${path}" is no path of a segment set: those look like mnist-a/1..3@mnist/segments:2000:1.`,
  )
}

/** The network with a name. Throws UNKNOWN_NETWORK. */
export async function networkOfName(name: string, loaders: Loaders): Promise<NetworkRow> {
  const network = await loaders.networkByName.load([name])
  if (network) return network
  throw new AtlasError('UNKNOWN_NETWORK', `There is no network "${name}": see \`networks\` for their names.`)
}

/** The dataset with a name. Throws UNKNOWN_DATASET. */
export async function datasetOfName(name: string, loaders: Loaders): Promise<DatasetRow> {
  const dataset = await loaders.datasetByName.load([name])
  if (dataset) return dataset
  throw new AtlasError('UNKNOWN_DATASET', `There is no dataset "${name}": see \`datasets\` for their names.`)
}

/** The network whose layers cut a partition. */
export async function networkOf({ networkId }: { networkId: number }, loaders: Loaders): Promise<NetworkRow> {
  return existing(await loaders.networkById.load([networkId]))
}

/** The dataset that a row belongs to. */
export async function datasetOf({ datasetId }: { datasetId: number }, loaders: Loaders): Promise<DatasetRow> {
  return existing(await loaders.datasetById.load([datasetId]))
}

/** A stored sample: its raw bytes, and its dataset, which says how to read them. */
export async function readSample({ datasetId, index }: InputRow, loaders: Loaders) {
  const [raw, dataset] = await Promise.all([
    loaders.rawValues.load([datasetId, index]),
    loaders.datasetById.load([datasetId]),
  ])
  return { raw: existing(raw), dataset: existing(dataset) }
}

/** What names a code; the code itself where it was read with that. */
export interface CodeKey {
  codeHash: string
  bitCount: number
  activeBitCount?: number
  bits?: Buffer
}

/** The code of a row; at once where it was read with that. */
export function codeOf(row: CodeKey, loaders: Loaders): CodeRow | Promise<CodeRow> {
  const { codeHash, bitCount, activeBitCount, bits } = row
  if (bits && activeBitCount !== undefined) return new CodeRow(codeHash, bitCount, bits, activeBitCount)
  return loaders.code.load([codeHash, bitCount]).then(existing)
}

/** The partition that a row belongs to. */
export async function partitionOf(
  { partitionId }: { partitionId: number },
  loaders: Loaders,
): Promise<PartitionRow> {
  return existing(await loaders.partitionById.load([partitionId]))
}

/** A layer of a network. */
export async function layerOf(networkId: number, index: number, loaders: Loaders): Promise<LayerRow> {
  return existing((await loaders.layersOfNetwork.load([networkId])).at(index))
}

/** Whether all gates of a partition's span are piecewise affine. */
export async function isExact(partition: PartitionRow, loaders: Loaders): Promise<boolean> {
  return isExactSpan(partition, await loaders.layersOfNetwork.load([partition.networkId]))
}

/** The natural key of a partition. */
export async function pathOfPartition(partition: PartitionRow, loaders: Loaders): Promise<string> {
  const [network, dataset] = await Promise.all([networkOf(partition, loaders), datasetOf(partition, loaders)])
  return partitionPath({ ...partition, network: network.name, dataset: dataset.name })
}
