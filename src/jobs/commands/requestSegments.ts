import { pairsOf } from '../../../compute/compare/index.ts'
import { notPiecewiseAffine } from '../../../compute/onnx/index.ts'
import { prepareSegmentSet } from '../../store/createSegmentSet.ts'
import type { Database } from '../../store/database.ts'
import type { SegmentSetKey } from '../../store/path.ts'
import { lockSubject } from '../../store/subject.ts'
import { enqueue, jobUnderWay } from '../queue.ts'
import { walkSegmentsTask } from '../segments.ts'

/**
 * The segment set with this key and the job that computes it: null where it is computed, the one under way where there
 * is one, a new one otherwise. Throws NOT_PIECEWISE_AFFINE, and what `lockSubject` and `prepareSegmentSet` throw.
 */
export async function requestSegments(
  db: Database,
  key: SegmentSetKey,
): Promise<{ segmentSetId: number; jobId: string | null }> {
  return db.prisma.$transaction(async (tx) => {
    const subject = await lockSubject(tx, key)
    const { approximations } = subject.network
    if (approximations.length > 0) throw notPiecewiseAffine(approximations)
    const set = await prepareSegmentSet(tx, key, subject, pairsOf(subject.dataset.inputCount))
    if (set.computed) return { segmentSetId: set.id, jobId: null }
    const underWay = await jobUnderWay(tx, set.jobId)
    if (underWay) return { segmentSetId: set.id, jobId: underWay }
    const jobId = await enqueue(tx, walkSegmentsTask, { segmentSetId: set.id }, set)
    await tx.segmentSet.update({ where: { id: set.id }, data: { jobId } })
    return { segmentSetId: set.id, jobId }
  })
}
