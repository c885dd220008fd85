import { prepareDirectionSet, type WantedDirections } from '../../store/createDirectionSet.ts'
import type { Database } from '../../store/database.ts'
import { spaceOf } from '../activations.ts'
import { directionsTask } from '../directions.ts'
import { enqueue, jobUnderWay } from '../queue.ts'
import { readyPartition } from './readyPartition.ts'

/**
 * The direction set of a partition with these parameters and the job that computes it: null where it is computed, the
 * one under way where there is one, a new one otherwise. Throws UNKNOWN_PARTITION, PARTITION_NOT_READY, BAD_ARGUMENT,
 * TOO_LARGE.
 */
export async function requestDirections(
  db: Database,
  partitionId: number,
  wanted: WantedDirections,
): Promise<{ directionSetId: number; jobId: string | null }> {
  const partition = await readyPartition(db, partitionId)
  const dimensions = await spaceOf(db, partition)
  return db.prisma.$transaction(async (tx) => {
    const set = await prepareDirectionSet(tx, partition, wanted, dimensions)
    const { id: directionSetId } = set
    if (set.computed) return { directionSetId, jobId: null }
    const underWay = await jobUnderWay(tx, set.jobId)
    if (underWay) return { directionSetId, jobId: underWay }
    const { networkId, datasetId } = partition
    const jobId = await enqueue(tx, directionsTask, { directionSetId }, { networkId, datasetId })
    await tx.directionSet.update({ where: { id: directionSetId }, data: { jobId } })
    return { directionSetId, jobId }
  })
}
