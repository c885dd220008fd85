import { AtlasError } from '../../../compute/errors.ts'
import type { Database } from '../../store/database.ts'
import { createLoaders } from '../../store/loaders.ts'
import type { PartitionRow } from '../../store/models.ts'

/** A partition whose regions are there. Throws UNKNOWN_PARTITION, PARTITION_NOT_READY. */
export async function readyPartition(db: Database, id: number): Promise<PartitionRow> {
  return checkReady(await createLoaders(db).partitionById.load([id]))
}

/** The partition, if its regions are there. Throws UNKNOWN_PARTITION (null), PARTITION_NOT_READY. */
export function checkReady(partition: PartitionRow | null): PartitionRow {
  if (!partition) throw new AtlasError('UNKNOWN_PARTITION', 'There is no such partition: create it first.')
  if (partition.computedAt) return partition
  const advice = partition.jobId
    ? `wait until job ${partition.jobId} has succeeded`
    : 'create it again to compute it'
  throw new AtlasError('PARTITION_NOT_READY', `The partition is not computed yet: ${advice}, then ask again.`)
}
