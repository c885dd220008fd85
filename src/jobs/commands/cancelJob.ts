import { AtlasError } from '../../../compute/errors.ts'
import { sql, type Database } from '../../store/database.ts'
import { requestCancel } from '../../store/jobs.ts'

/** Cancels a queued job at once, asks a running one to stop. Throws UNKNOWN_JOB, JOB_FINISHED. */
export async function cancelJob(db: Database, id: string): Promise<void> {
  const before = await requestCancel(db, id)
  if (before === null) throw new AtlasError('UNKNOWN_JOB', 'There is no such job.')
  if (before !== 'QUEUED' && before !== 'RUNNING')
    throw new AtlasError('JOB_FINISHED', `The job is ${before} already: there is nothing to cancel.`)
  if (before === 'QUEUED') await db.query(sql`select graphile_worker.remove_job(${id}::text)`)
}
