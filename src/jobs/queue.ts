import { runMigrations } from 'graphile-worker'
import type { Database, PrismaTransaction } from '../store/database.ts'
import type { Task } from './task.ts'

/** Creates or upgrades the queue's own tables (schema graphile_worker). */
export async function prepareQueue(db: Database): Promise<void> {
  await runMigrations({ pgPool: db.pool })
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
  const queue = networkId === undefined ? null : `network-${networkId}-dataset-${datasetId ?? 'any'}`
  await tx.$executeRaw`select graphile_worker.add_job(${task.kind}, json_build_object('jobId', ${id}::text),
    queue_name := ${queue}, max_attempts := ${MAX_ATTEMPTS}::int4, job_key := ${id})`
  return id
}

/** The job with this id, if it is queued or running. */
export async function jobUnderWay(tx: PrismaTransaction, jobId: string | null): Promise<string | null> {
  const job = jobId && (await tx.job.findUnique({ where: { id: jobId } }))
  return job && (job.state === 'QUEUED' || job.state === 'RUNNING') ? job.id : null
}
