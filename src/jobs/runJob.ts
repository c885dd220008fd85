import { AtlasError } from '../../compute/errors.ts'
import { isConnectionLost } from '../store/connectionLost.ts'
import type { Database } from '../store/database.ts'
import { markFinished, markProgress, markRunning, type Outcome } from '../store/jobs.ts'
import { inJobSpan } from '../telemetry/traces.ts'
import { JobCancelled, type JobContext, type Log, type Task } from './task.ts'

const REPORT_EVERY_MS = 200

/**
 * Runs one attempt of a job and records how it ended. A lost database or a shutdown rejects, so that the
 * queue tries again; everything else ends the job: as cancelled, as failed with its code, or as succeeded.
 */
export async function runJob(
  db: Database,
  task: Task<unknown>,
  jobId: string,
  shutdown: AbortSignal,
  log: Log,
): Promise<void> {
  const row = await db.prisma.job.findUnique({ where: { id: jobId } })
  if (row === null || row.state === 'SUCCEEDED' || row.state === 'CANCELLED' || row.state === 'FAILED') return
  if (!(await markRunning(db, jobId))) return markFinished(db, jobId, { state: 'CANCELLED' })
  const reporter = progressReporter(db, jobId, shutdown)
  try {
    await inJobSpan(task.kind, jobId, () => task.execute(reporter.context, row.payload))
    await reporter.last()
    await markFinished(db, jobId, { state: 'SUCCEEDED' })
  } catch (error) {
    if (shutdown.aborted || isConnectionLost(error)) throw error
    const outcome = outcomeOf(error)
    if (outcome.state === 'FAILED' && outcome.code === 'INTERNAL')
      log(
        'error',
        `job ${jobId} (${task.kind}) failed: ${error instanceof Error ? error.stack : String(error)}`,
      )
    await markFinished(db, jobId, outcome)
  }
}

function outcomeOf(error: unknown): Outcome {
  if (error instanceof JobCancelled) return { state: 'CANCELLED' }
  if (error instanceof AtlasError) return { state: 'FAILED', code: error.code, message: error.message }
  return { state: 'FAILED', code: 'INTERNAL', message: 'The job failed; the log of its worker says why.' }
}

/** Writes progress at most every REPORT_EVERY_MS and turns a request to cancel into an abort. */
function progressReporter(db: Database, jobId: string, shutdown: AbortSignal) {
  const cancel = new AbortController()
  let reportedAt = 0
  let latest: { done: number; total: number } | null = null
  const write = async (): Promise<void> => {
    if (!latest) return
    const { done, total } = latest
    latest = null
    reportedAt = performance.now()
    if (await markProgress(db, jobId, done, total)) cancel.abort(new JobCancelled())
  }
  const context: JobContext = {
    db,
    jobId,
    signal: AbortSignal.any([cancel.signal, shutdown]),
    async progress(done, total) {
      latest = { done, total }
      if (performance.now() - reportedAt >= REPORT_EVERY_MS) await write()
      context.signal.throwIfAborted()
    },
  }
  return { context, last: write }
}
