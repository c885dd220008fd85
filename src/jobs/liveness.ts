/**
 * How a dead worker is noticed. Every worker holds a Postgres advisory lock on a connection of its own; when
 * its process is killed the connection closes, Postgres frees the lock, and the next worker that looks takes
 * up the job. No clock is compared, no heartbeat written. A machine that vanishes without closing its
 * connections is noticed by TCP keepalive within half a minute.
 */
import { randomInt } from 'node:crypto'
import pg from 'pg'
import { raw, sql, type Database } from '../store/database.ts'

/** First key of the workers' advisory locks ("atlw"). */
const NAMESPACE = 0x61746c77
const PREFIX = 'atlas-'

export interface Lifeline {
  /** Names this worker in the queue; carries the lock's key. */
  workerId: string
  /** Resolves when the lock is lost: whoever works on must stop, since others take up the job. */
  lost: Promise<void>
  release(): Promise<void>
}

/** Takes a lock under a fresh random key. */
export async function takeLifeline(url: string): Promise<Lifeline> {
  const client = new pg.Client({ connectionString: url, application_name: 'polytope-atlas-worker' })
  const { promise: lost, resolve } = deferred()
  client.on('error', resolve)
  client.on('end', resolve)
  await client.connect()
  await client.query(
    'set tcp_keepalives_idle = 10; set tcp_keepalives_interval = 5; set tcp_keepalives_count = 3',
  )
  const key = randomInt(2 ** 31 - 1)
  await client.query('select pg_advisory_lock($1::int4, $2::int4)', [NAMESPACE, key])
  return { workerId: `${PREFIX}${key}`, lost, release: () => client.end() }
}

/** Workers that are alive, on whatever machine. */
export async function liveWorkerCount(db: Database): Promise<number> {
  const [{ count }] = await db.query<{ count: number }>(
    sql`select count(*)::int4 as count from pg_locks
        where locktype = 'advisory' and granted and classid = ${NAMESPACE}::oid and objsubid = 2
          and database = (select oid from pg_database where datname = current_database())`,
  )
  return count
}

/**
 * Gives jobs back to the queue that a worker without a lifeline holds, brings retries forward that the
 * queue's exponential delay would keep for hours, and ends jobs whose attempts are used up.
 */
export async function takeUpAbandonedJobs(db: Database): Promise<void> {
  const dead = await db.query<{ worker: string }>(
    sql`select distinct j.locked_by as worker from graphile_worker._private_jobs j
        where j.locked_by like ${`${PREFIX}%`} and not exists (
          select from pg_locks l where l.locktype = 'advisory' and l.granted and l.classid = ${NAMESPACE}::oid
            and l.database = (select oid from pg_database where datname = current_database())
            and l.objid::int8 = substring(j.locked_by from ${raw(String(PREFIX.length + 1))})::int8)`,
  )
  if (dead.length > 0)
    await db.query(sql`select graphile_worker.force_unlock_workers(${dead.map((row) => row.worker)}::text[])`)
  await db.query(
    sql`select graphile_worker.reschedule_jobs(array_agg(id), run_at := now() + interval '2 seconds')
        from graphile_worker._private_jobs
        where locked_at is null and attempts < max_attempts and run_at > now() + interval '10 seconds'
        having count(*) > 0`,
  )
  await db.query(
    sql`update job set state = 'FAILED', error_code = 'WORKER_DIED', finished_at = now(),
          error = 'Every worker that took up this job died: it may need more memory than there is.'
        from graphile_worker._private_jobs q
        where q.key = job.id::text and q.attempts >= q.max_attempts and q.locked_at is null
          and job.state = 'RUNNING'`,
  )
}

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve: () => void = () => undefined
  const promise = new Promise<void>((done) => (resolve = done))
  return { promise, resolve }
}
