import { inKeyOrder, pageLoader, tupleLoader } from './batch.ts'
import { raw, sql, type Database, type Executor } from './database.ts'
import type { JobRow, JobState } from './models.ts'
import type { Order } from './page.ts'

/** Channel on which the id of every job is announced whose row changed. */
export const JOB_CHANNEL = 'atlas_job'

const COLUMNS = raw(`j.id, j.kind, j.state, j.done, j.total, j.error_code as "errorCode", j.error,
  j.network_id as "networkId", j.dataset_id as "datasetId", j.created_at as "createdAt",
  j.started_at as "startedAt", j.finished_at as "finishedAt",
  (j.done - j.started_done) / nullif(extract(epoch from j.progress_at - j.started_at), 0)::float8 as rate`)

/** Newest first. */
export const jobOrder: Order = {
  columns: [
    ['j.created_at', 'timestamptz'],
    ['j.id', 'uuid'],
  ],
  descending: true,
}

/** Loaders of jobs; one set a request. */
export function jobLoaders(db: Database) {
  return {
    job: tupleLoader<[string], JobRow | null>(async (keys) => {
      const ids = keys.map(([id]) => id)
      const rows = await db.query<JobRow>(sql`select ${COLUMNS} from job j where j.id = any(${ids}::uuid[])`)
      return inKeyOrder(keys, rows, (row) => [row.id])
    }),
    jobs: pageLoader<JobRow>(db, { columns: COLUMNS, from: raw('job j'), parent: [] }),
  }
}

export function jobStateFilter(state: JobState) {
  return sql`j.state = ${state}::text::"JobState"`
}

/** Jobs of one kind in one state. */
export interface JobCount {
  kind: string
  state: JobState
  count: number
  /** Seconds that they took, those that have ended. */
  seconds: number
}

/** How many jobs there are, by kind and state. */
export function countJobs(on: Executor): Promise<JobCount[]> {
  return on.query<JobCount>(
    sql`select kind, state, count(*)::int4 as count,
          coalesce(sum(extract(epoch from finished_at - started_at)), 0)::float8 as seconds
        from job group by kind, state order by kind, state`,
  )
}

/** QUEUED or FAILED for a retry -> RUNNING. False where the job was cancelled meanwhile, or is gone. */
export async function markRunning(on: Executor, id: string): Promise<boolean> {
  const rows = await on.query(
    sql`update job set state = 'RUNNING', started_at = clock_timestamp(), progress_at = clock_timestamp(),
          started_done = done
        where id = ${id}::uuid and state in ('QUEUED', 'RUNNING') and not cancel_requested
        returning pg_notify(${JOB_CHANNEL}, id::text)`,
  )
  return rows.length > 0
}

/** Sets the progress and answers whether somebody asked to cancel. */
export async function markProgress(on: Executor, id: string, done: number, total: number): Promise<boolean> {
  const rows = await on.query<{ cancelRequested: boolean }>(
    sql`update job set done = ${done}::int4, total = ${total}::int4, progress_at = clock_timestamp(),
          started_done = least(started_done, ${done}::int4)
        where id = ${id}::uuid
        returning cancel_requested as "cancelRequested", pg_notify(${JOB_CHANNEL}, id::text)`,
  )
  return rows.at(0)?.cancelRequested ?? true
}

export type Outcome =
  { state: 'SUCCEEDED' } | { state: 'CANCELLED' } | { state: 'FAILED'; code: string; message: string }

export async function markFinished(on: Executor, id: string, outcome: Outcome): Promise<void> {
  const failure = outcome.state === 'FAILED' ? outcome : null
  await on.query(
    sql`update job set state = ${outcome.state}::text::"JobState", finished_at = clock_timestamp(),
          done = case when ${outcome.state} = 'SUCCEEDED' then coalesce(total, done) else done end,
          error_code = ${failure?.code ?? null}::text, error = ${failure?.message ?? null}::text
        where id = ${id}::uuid returning pg_notify(${JOB_CHANNEL}, id::text)`,
  )
}

/**
 * A queued job is cancelled at once; a running one is asked to stop and does so after its chunk. Answers the
 * state before, or null where there is no such job.
 */
export async function requestCancel(on: Executor, id: string): Promise<JobState | null> {
  const rows = await on.query<{ before: JobState }>(
    sql`update job j set
          cancel_requested = j.state in ('QUEUED', 'RUNNING'),
          state = case when j.state = 'QUEUED' then 'CANCELLED' else j.state end,
          finished_at = case when j.state = 'QUEUED' then clock_timestamp() else j.finished_at end
        from (select id, state from job where id = ${id}::uuid for update) old
        where j.id = old.id
        returning old.state as before, pg_notify(${JOB_CHANNEL}, j.id::text)`,
  )
  return rows.at(0)?.before ?? null
}
