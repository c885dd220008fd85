import { AtlasError } from '../../compute/errors.ts'
import { checkReady } from '../jobs/commands/readyPartition.ts'
import { sharedCode, type SharedBits } from '../jobs/direct/sharedCode.ts'
import { checkCertainty } from '../jobs/direct/softCode.ts'
import type { DatasetRow, PartitionRow } from '../store/models.ts'
import type { RegionSelection } from '../store/regionCodes.ts'
import type { Loaders } from '../store/loaders.ts'
import { clusterKeyOf } from './clusters.ts'
import type { Context } from './context.ts'
import type { QuerySharedCodeArgs } from './generated/types.ts'
import { idTypes, parseGlobalId } from './globalId.ts'
import { datasetOf, partitionOfId } from './lookup.ts'
import { DEFAULT_SHARPNESS } from './softCode.ts'

/**
 * The shared code of what the arguments select. Throws BAD_ARGUMENT (not exactly one selection, or an empty one),
 * BAD_ID, BAD_PATH, UNKNOWN_PARTITION, PARTITION_NOT_READY, UNKNOWN_REGION, UNKNOWN_INPUT, UNKNOWN_CLUSTER.
 */
export async function readSharedCode(
  args: QuerySharedCodeArgs,
  { db, loaders }: Context,
): Promise<SharedBits> {
  const partition = checkReady(await partitionOfId(args.partition, loaders))
  const [dataset, layers] = await Promise.all([
    datasetOf(partition, loaders),
    loaders.layersOfNetwork.load([partition.networkId]),
  ])
  const selection = await selectionOf(args, partition, dataset, loaders)
  const { minConfidence, sharpness } = args
  const certainty =
    minConfidence == null
      ? null
      : checkCertainty({ minConfidence, sharpness: sharpness ?? DEFAULT_SHARPNESS })
  const shared = await sharedCode(db, { partition, dataset, layers }, selection, certainty)
  if (shared) return shared
  throw new AtlasError(
    'BAD_ARGUMENT',
    'Nothing is selected: codes are shared by one region or input at least.',
  )
}

async function selectionOf(
  { regions, inputs, label, cluster }: QuerySharedCodeArgs,
  partition: PartitionRow,
  dataset: DatasetRow,
  loaders: Loaders,
): Promise<RegionSelection> {
  const given = [regions, inputs, label, cluster].filter((selection) => selection != null)
  if (given.length !== 1)
    throw new AtlasError(
      'BAD_ARGUMENT',
      `${given.length} of regions, inputs, label and cluster are given: give exactly one, to say whose shared code is wanted.`,
    )
  if (regions) return { by: 'regions', indices: regions.map((id) => indexOfRegion(id, partition)) }
  if (inputs) return { by: 'inputs', indices: inputs.map((id) => indexOfInput(id, dataset)) }
  if (cluster != null) return { by: 'cluster', ...(await clusterKeyOf(cluster, partition, loaders)) }
  return { by: 'label', label: label ?? 0 }
}

/** A partition's regions are numbered without gaps. */
function indexOfRegion(id: string, partition: PartitionRow): number {
  const [partitionId, index] = parseGlobalId(id, idTypes.Region)
  if (partitionId === partition.id && index < partition.regionCount) return index
  throw new AtlasError(
    'UNKNOWN_REGION',
    `The partition has no region with the id "${id}": give ids of its regions.`,
  )
}

/** A dataset's inputs are numbered without gaps. */
function indexOfInput(id: string, dataset: DatasetRow): number {
  const [datasetId, index] = parseGlobalId(id, idTypes.Input)
  if (datasetId === dataset.id && index < dataset.inputCount) return index
  throw new AtlasError(
    'UNKNOWN_INPUT',
    `The partition's dataset "${dataset.name}" has no input with the id "${id}": give ids of its inputs.`,
  )
}
