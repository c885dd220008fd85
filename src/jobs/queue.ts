import { runMigrations } from 'graphile-worker'
import { sql, type Database, type Executor, type PrismaTransaction } from '../store/database.ts'
import { queueLock } from '../store/locks.ts'
import type { Task } from './task.ts'

/**
 * Creates or upgrades the queue's own tables (schema graphile_worker). One process at a time: of two that make the
 * schema at once, one fails.
 */
export async function prepareQueue(db: Database): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.query(queueLock)
    await runMigrations({ pgPool: db.pool })
  })
}

/** The entities a job works on; they cannot be deleted while it is queued or running. */
export interface JobSubject {
  networkId?: number
  datasetId?: number
}

/**
 * A killed worker or a lost database costs its job one attempt; every other failure ends the job at once. So
 * the bound only ends a job that kills its worker each time.
 */
const MAX_ATTEMPTS = 30

/**
 * Puts a job in the queue within the caller's transaction and answers its id. Jobs on the same network and
 * dataset run one after the other, so that none waits for codes that another is just computing.
 */
export async function enqueue<Payload extends object>(
  tx: PrismaTransaction,
  task: Task<Payload>,
  payload: Payload,
  subject: JobSubject,
): Promise<string> {
  const { networkId, datasetId } = subject
  const { id } = await tx.job.create({
    data: { kind: task.kind, payload: { ...payload }, networkId, datasetId },
  })
  await tx.$executeRaw`${addToQueue} where job.id = ${id}::uuid`
  return id
}

/** Adds the chosen rows of `job` to the queue. */
const addToQueue = sql`
  select graphile_worker.add_job(job.kind, json_build_object('jobId', job.id::text),
    queue_name := 'network-' || job.network_id || '-dataset-' || coalesce(job.dataset_id::text, 'any'),
    max_attempts := ${MAX_ATTEMPTS}::int4, job_key := job.id::text)
  from job`

/**
 * Queues the jobs of a restored atlas that were queued or running when its backup was taken; those that were being
 * cancelled are. A job that ran begins anew and finds the chunks that it had done. Answers how many were queued.
 */
export async function requeueJobs(on: Executor): Promise<number> {
  await on.query(
    sql`update job set state = 'CANCELLED', finished_at = clock_timestamp()
        where state in ('QUEUED', 'RUNNING') and cancel_requested`,
  )
  await on.query(
    sql`update job set state = 'QUEUED', started_at = null, progress_at = null where state = 'RUNNING'`,
  )
  const queued = await on.query(sql`${addToQueue} where job.state = 'QUEUED' order by job.created_at, job.id`)
  return queued.length
}

/** The job with this id, if it is queued or running. */
export async function jobUnderWay(tx: PrismaTransaction, jobId: string | null): Promise<string | null> {
  const job = jobId && (await tx.job.findUnique({ where: { id: jobId } }))
  return job && (job.state === 'QUEUED' || job.state === 'RUNNING') ? job.id : null
}
