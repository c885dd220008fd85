import { pairsOf } from '../../../compute/compare/index.ts'
import { prepareSegmentSet } from '../../store/createSegmentSet.ts'
import type { Database } from '../../store/database.ts'
import type { SegmentSetKey } from '../../store/path.ts'
import { enqueue } from '../queue.ts'
import { walkSegmentsTask } from '../segments.ts'

/**
 * The segment set with this key and the job that computes it: null where it is computed, the one under way where there
 * is one, a new one otherwise. Throws what `prepareSegmentSet` throws.
 */
export async function requestSegments(
  db: Database,
  key: SegmentSetKey,
): Promise<{ segmentSetId: number; jobId: string | null }> {
  return db.prisma.$transaction(async (tx) => {
    const set = await prepareSegmentSet(tx, key, pairsOf)
    if (set.computed) return { segmentSetId: set.id, jobId: null }
    const job = set.jobId && (await tx.job.findUnique({ where: { id: set.jobId } }))
    if (job && (job.state === 'QUEUED' || job.state === 'RUNNING'))
      return { segmentSetId: set.id, jobId: job.id }
    const jobId = await enqueue(tx, walkSegmentsTask, { segmentSetId: set.id }, set)
    await tx.segmentSet.update({ where: { id: set.id }, data: { jobId } })
    return { segmentSetId: set.id, jobId }
  })
}
