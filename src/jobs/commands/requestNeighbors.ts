import { AtlasError } from '../../../compute/errors.ts'
import type { Database } from '../../store/database.ts'
import { neighborsTask } from '../neighbors.ts'
import { enqueue } from '../queue.ts'
import { readyPartition } from './readyPartition.ts'

/** Most neighbours a region that are stored; deeper questions are scanned on the spot. */
const MAX_K = 256

/** Queues the search for the k nearest regions of every region; answers the job's id. Throws BAD_ARGUMENT,
 * UNKNOWN_PARTITION, PARTITION_NOT_READY. */
export async function requestNeighbors(db: Database, partitionId: number, k: number): Promise<string> {
  if (k < 1 || k > MAX_K) throw new AtlasError('BAD_ARGUMENT', `k is ${k}: ask for 1 to ${MAX_K} neighbours.`)
  const { networkId, datasetId } = await readyPartition(db, partitionId)
  return db.prisma.$transaction((tx) =>
    enqueue(tx, neighborsTask, { partitionId, k }, { networkId, datasetId }),
  )
}
