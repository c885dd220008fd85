import { AtlasError } from '../../../compute/errors.ts'
import { prepareComplex, type ComplexRequest } from '../../store/createComplex.ts'
import type { Database } from '../../store/database.ts'
import { enumerateTask } from '../enumerate.ts'
import { enqueue } from '../queue.ts'

/**
 * The complex of a request and the job that enumerates its regions: null where as many as asked are there, the one
 * under way where there is one.
 * @throws AtlasError ENUMERATION_RUNNING where one to a smaller limit is under way, and what `prepareComplex` throws
 */
export async function requestEnumeration(
  db: Database,
  request: ComplexRequest,
): Promise<{ complexId: number; jobId: string | null }> {
  return db.prisma.$transaction(async (tx) => {
    const complex = await prepareComplex(tx, request)
    const job = complex.jobId && (await tx.job.findUnique({ where: { id: complex.jobId } }))
    if (job && (job.state === 'QUEUED' || job.state === 'RUNNING')) {
      if (complex.raised) throw running(job.id)
      return { complexId: complex.id, jobId: job.id }
    }
    const isStarted = complex.regionCount > 0
    const isWhole = isStarted && complex.frontierCount === 0
    if (isWhole || complex.regionCount >= request.limit) return { complexId: complex.id, jobId: null }
    const jobId = await enqueue(tx, enumerateTask, { complexId: complex.id }, complex)
    await tx.complex.update({ where: { id: complex.id }, data: { jobId } })
    return { complexId: complex.id, jobId }
  })
}

function running(jobId: string): AtlasError {
  return new AtlasError(
    'ENUMERATION_RUNNING',
    `Job ${jobId} enumerates this box, to a smaller limit: wait for it or cancel it, then ask for more.`,
  )
}
