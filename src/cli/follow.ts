/** Waiting for a job, with a worker of its own where nobody else would take the job. */
import { setTimeout as sleep } from 'node:timers/promises'
import { AtlasError } from '../../compute/errors.ts'
import { liveWorkerCount } from '../jobs/liveness.ts'
import { startWorker, type Worker } from '../jobs/worker.ts'
import { createLoaders } from '../store/loaders.ts'
import type { JobRow } from '../store/models.ts'
import { Interrupted } from './failure.ts'
import type { AtlasCli } from './session.ts'
import { jobView } from './views.ts'

const POLL_MS = 200
/** Polls between two looks for a worker: the one that worked may have been stopped. */
const POLLS_A_LOOK = 10

/**
 * Follows a job with a progress bar until it has succeeded. While no worker is alive, this process is one.
 * Ctrl-C leaves the job to the other workers, or in the queue where there is none. Throws the error of a job
 * that failed, JOB_CANCELLED, UNKNOWN_JOB, Interrupted.
 */
export async function followJob(cli: AtlasCli, jobId: string, label: string): Promise<JobRow> {
  const progress = cli.output.progress(label)
  let worker: Worker | null = null
  try {
    for (let poll = 0; ; poll++) {
      const job = await readJob(cli, jobId)
      if (isFinal(job)) {
        if (job.state === 'SUCCEEDED') progress.update(job)
        return succeeded(job)
      }
      if (worker === null && poll % POLLS_A_LOOK === 0 && (await liveWorkerCount(cli.atlas.db)) === 0)
        worker = await startOwnWorker(cli)
      const { done, total, rate } = jobView(job)
      progress.update({
        done,
        total,
        rate,
        status: job.state === 'QUEUED' ? 'waiting in the queue' : undefined,
      })
      await sleep(POLL_MS, undefined, { signal: cli.signal }).catch(() => undefined)
      if (cli.signal.aborted) break
    }
  } finally {
    progress.stop()
    await worker?.stop()
  }
  cli.output.note(
    worker === null
      ? `The job goes on in its worker; \`atlas cancel ${jobId}\` stops it.`
      : `The job waits in the queue: give the same command again, or start \`atlas worker\`, to go on with it. ` +
          `\`atlas cancel ${jobId}\` drops it.`,
  )
  throw new Interrupted()
}

async function readJob(cli: AtlasCli, id: string): Promise<JobRow> {
  const job = await createLoaders(cli.atlas.db).job.load([id])
  if (job) return job
  throw new AtlasError('UNKNOWN_JOB', `The job ${id} is gone.`)
}

function isFinal(job: JobRow): boolean {
  return job.state === 'SUCCEEDED' || job.state === 'FAILED' || job.state === 'CANCELLED'
}

function succeeded(job: JobRow): JobRow {
  if (job.state === 'SUCCEEDED') return job
  if (job.state === 'CANCELLED') throw new AtlasError('JOB_CANCELLED', `The job ${job.id} was cancelled.`)
  throw new AtlasError(job.errorCode ?? 'JOB_FAILED', job.error ?? `The job ${job.id} failed.`)
}

async function startOwnWorker(cli: AtlasCli): Promise<Worker> {
  const worker = await startWorker(cli.atlas.url, (level, message) => {
    // After Ctrl-C it only says that its job was interrupted.
    if ((level === 'error' || level === 'warn') && !cli.signal.aborted) cli.output.note(`worker: ${message}`)
  })
  // A lost database is met by the next poll, which says so.
  worker.finished.catch(() => undefined)
  return worker
}
