import type { Database } from '../../store/database.ts'
import { createLoaders } from '../../store/loaders.ts'
import { compareTask } from '../compare.ts'
import { enqueue } from '../queue.ts'
import { checkComparable } from './comparable.ts'
import { readyPartition } from './readyPartition.ts'

/**
 * The job that compares two partitions, or null where they are compared already. Throws UNKNOWN_PARTITION,
 * PARTITION_NOT_READY, NOT_COMPARABLE (other datasets, or other sites).
 */
export async function requestComparison(db: Database, aId: number, bId: number): Promise<string | null> {
  const a = await readyPartition(db, aId)
  const b = await readyPartition(db, bId)
  checkComparable(a, b)
  if (await createLoaders(db).comparisonOf.load([aId, bId])) return null
  return db.prisma.$transaction(async (tx) => {
    await tx.$executeRaw`select from partition where id = ${aId} for no key update`
    const waiting = await tx.job.findFirst({
      where: {
        kind: compareTask.kind,
        state: { in: ['QUEUED', 'RUNNING'] },
        payload: { equals: { aId, bId } },
      },
    })
    if (waiting) return waiting.id
    return enqueue(tx, compareTask, { aId, bId }, { networkId: a.networkId, datasetId: a.datasetId })
  })
}
