import { liveWorkerCount } from '../jobs/liveness.ts'
import { createLoaders } from '../store/loaders.ts'
import { followJob } from './follow.ts'
import type { AtlasCli } from './session.ts'
import { jobView, type JobView } from './views.ts'

/** What a command that queued a job goes on with. */
export interface JobRun {
  /** The job as it was last seen; null where the work had been done before and no job was needed. */
  job: JobView | null
  /** False where the user did not want to wait. */
  finished: boolean
}

/** Waits for the job of a command, or with `detach` does not. */
export async function runJob(
  cli: AtlasCli,
  jobId: string | null,
  label: string,
  options: { detach?: boolean },
): Promise<JobRun> {
  if (jobId === null) return { job: null, finished: true }
  if (!options.detach) return { job: jobView(await followJob(cli, jobId, label)), finished: true }
  if ((await liveWorkerCount(cli.atlas.db)) === 0)
    cli.output.note('No worker runs: start one with `atlas worker`, or the server.')
  const row = await createLoaders(cli.atlas.db).job.load([jobId])
  return { job: row && jobView(row), finished: false }
}
