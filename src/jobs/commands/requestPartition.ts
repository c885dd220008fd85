import type { Database } from '../../store/database.ts'
import { preparePartition } from '../../store/createPartition.ts'
import type { PartitionKey } from '../../store/path.ts'
import { partitionTask } from '../partition.ts'
import { enqueue, jobUnderWay } from '../queue.ts'

/**
 * The partition with this key and the job that computes it: null where it is computed, the one under way where
 * there is one, a new one otherwise. Throws what `preparePartition` throws.
 */
export async function requestPartition(
  db: Database,
  key: PartitionKey,
): Promise<{ partitionId: number; jobId: string | null }> {
  return db.prisma.$transaction(async (tx) => {
    const partition = await preparePartition(tx, key)
    if (partition.computed) return { partitionId: partition.id, jobId: null }
    const underWay = await jobUnderWay(tx, partition.jobId)
    if (underWay) return { partitionId: partition.id, jobId: underWay }
    const jobId = await enqueue(tx, partitionTask, { partitionId: partition.id }, partition)
    await tx.partition.update({ where: { id: partition.id }, data: { jobId } })
    return { partitionId: partition.id, jobId }
  })
}
