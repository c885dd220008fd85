/** A partition by a job from the queue, and how long it took. */
import diagnostics from 'node:diagnostics_channel'
import { requestPartition } from '../src/jobs/commands/requestPartition.ts'
import { waitForJobs } from '../src/sample/waitForJobs.ts'
import { sql, statementChannel, type Database } from '../src/store/database.ts'
import { ALL_POSITIONS } from '../src/store/path.ts'

/** Runs the job; of its time, writing is from the table of new codes to the mark "computed". */
export async function computePartition(db: Database, network: string, dataset: string) {
  let begun = 0
  let ended = 0
  const listen = (statement: unknown) => {
    if (String(statement).includes('create temporary table if not exists new_code')) begun = performance.now()
    if (String(statement).includes('update partition set region_count')) ended = performance.now()
  }
  diagnostics.subscribe(statementChannel.name, listen)
  try {
    const key = { network, dataset, fromLayer: 0, toLayer: 0, granularity: 'WHOLE_INPUT' } as const
    const { partitionId, jobId } = await requestPartition(db, { ...key, ...ALL_POSITIONS })
    const jobs = jobId === null ? [] : [jobId]
    await waitForJobs(db, jobs, () => undefined)
    const jobSeconds = await secondsOfJobs(db, jobs)
    return { id: partitionId, jobSeconds, writeSeconds: (ended - begun) / 1000 }
  } finally {
    diagnostics.unsubscribe(statementChannel.name, listen)
  }
}

/** Seconds that jobs ran, by their rows. */
export async function secondsOfJobs(db: Database, jobs: readonly string[]): Promise<number> {
  const [{ total }] = await db.query<{ total: number }>(
    sql`select sum(extract(epoch from finished_at - started_at))::float8 as total from job
        where id = any(${jobs}::uuid[])`,
  )
  return total
}
