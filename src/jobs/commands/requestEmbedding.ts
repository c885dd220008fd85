import { prepareEmbedding, type EmbeddingParameters } from '../../store/createEmbedding.ts'
import type { Database } from '../../store/database.ts'
import { embedTask } from '../embed.ts'
import { enqueue, jobUnderWay } from '../queue.ts'
import { readyPartition } from './readyPartition.ts'

/**
 * The embedding of a partition with these parameters and the job that computes it: null where it is computed, the one
 * under way where there is one, a new one otherwise. Throws UNKNOWN_PARTITION, PARTITION_NOT_READY, BAD_ARGUMENT,
 * TOO_LARGE.
 */
export async function requestEmbedding(
  db: Database,
  partitionId: number,
  parameters: EmbeddingParameters,
): Promise<{ embeddingId: number; jobId: string | null }> {
  const partition = await readyPartition(db, partitionId)
  return db.prisma.$transaction(async (tx) => {
    const embedding = await prepareEmbedding(tx, partition, parameters)
    const { id: embeddingId } = embedding
    if (embedding.computed) return { embeddingId, jobId: null }
    const underWay = await jobUnderWay(tx, embedding.jobId)
    if (underWay) return { embeddingId, jobId: underWay }
    const { networkId, datasetId } = partition
    const jobId = await enqueue(tx, embedTask, { embeddingId }, { networkId, datasetId })
    await tx.embedding.update({ where: { id: embeddingId }, data: { jobId }, select: { id: true } })
    return { embeddingId, jobId }
  })
}
