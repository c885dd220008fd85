import { AtlasError } from '../../../compute/errors.ts'
import { prepareClustering, type ClusteringParameters } from '../../store/createClustering.ts'
import type { Database } from '../../store/database.ts'
import type { PartitionRow } from '../../store/models.ts'
import { spaceOf } from '../activations.ts'
import { clusterTask } from '../cluster.ts'
import { enqueue, jobUnderWay } from '../queue.ts'
import { readyPartition } from './readyPartition.ts'

/**
 * The clustering of a partition with these parameters and the job that computes it: null where it is computed, the one
 * under way where there is one, a new one otherwise. Throws UNKNOWN_PARTITION, PARTITION_NOT_READY, BAD_ARGUMENT,
 * TOO_LARGE.
 */
export async function requestClustering(
  db: Database,
  partitionId: number,
  parameters: ClusteringParameters,
): Promise<{ clusteringId: number; jobId: string | null }> {
  const partition = await readyPartition(db, partitionId)
  if (parameters.metric === 'EUCLIDEAN') await checkSpace(db, partition)
  return db.prisma.$transaction(async (tx) => {
    const clustering = await prepareClustering(tx, partition, parameters)
    const { id: clusteringId } = clustering
    if (clustering.computed) return { clusteringId, jobId: null }
    const underWay = await jobUnderWay(tx, clustering.jobId)
    if (underWay) return { clusteringId, jobId: underWay }
    const { networkId, datasetId } = partition
    const jobId = await enqueue(tx, clusterTask, { clusteringId }, { networkId, datasetId })
    await tx.clustering.update({ where: { id: clusteringId }, data: { jobId } })
    return { clusteringId, jobId }
  })
}

/** Coordinates of all regions together at most: 512 MiB. */
const MAX_COORDINATES = 2 ** 26

/** Throws TOO_LARGE where the activations of the regions would not fit in memory. */
async function checkSpace(db: Database, partition: PartitionRow): Promise<void> {
  const dimensions = await spaceOf(db, partition)
  if (partition.regionCount * dimensions <= MAX_COORDINATES) return
  throw new AtlasError(
    'TOO_LARGE',
    `${partition.regionCount} regions in ${dimensions} dimensions have more than ${MAX_COORDINATES} coordinates: choose ` +
      'fewer layers, or cluster by the codes (HAMMING or JACCARD).',
  )
}
