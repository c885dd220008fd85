import { Logger, runTaskList, type TaskList, type WorkerPoolOptions } from 'graphile-worker'
import { z } from 'zod'
import { openDatabase } from '../store/database.ts'
import { takeLifeline, takeUpAbandonedJobs } from './liveness.ts'
import { runJob } from './runJob.ts'
import type { Log } from './task.ts'
import { tasks } from './tasks.ts'

/** How often a worker looks for jobs of dead ones: the take-over takes at most this and a poll. */
const SWEEP_MS = 5_000
const POLL_MS = 1_000

export interface Worker {
  /** Resolves when the worker has stopped, for whatever reason; rejects when it lost its database. */
  finished: Promise<void>
  /** Stops after giving the running job back to the queue. */
  stop(): Promise<void>
}

/** Starts a worker that runs one job at a time: inference and kernels use all cores by themselves. */
export async function startWorker(url: string, log: Log): Promise<Worker> {
  const db = openDatabase(url, { connections: 6 })
  const lifeline = await takeLifeline(url)
  const shutdown = new AbortController()
  const options: WorkerPoolOptions & { workerId: string } = {
    concurrency: 1,
    workerId: lifeline.workerId,
    noHandleSignals: true,
    pollInterval: POLL_MS,
    // A job that was told to stop does so after its chunk; past this it is given back regardless.
    gracefulShutdownAbortTimeout: 10_000,
    logger: new Logger(() => (level, message) => log(level === 'warning' ? 'warn' : level, message)),
  }
  const pool = runTaskList(options, taskList(db, shutdown.signal, log), db.pool)
  const sweep = () =>
    takeUpAbandonedJobs(db).catch((error: unknown) =>
      log('warn', `looking for abandoned jobs: ${String(error)}`),
    )
  const sweeper = setInterval(() => void sweep(), SWEEP_MS)
  await sweep()
  const stop = once(async () => {
    clearInterval(sweeper)
    shutdown.abort(new Error('The worker is shutting down.'))
    await pool.gracefulShutdown('The worker is shutting down.')
    await lifeline.release()
    await db.close()
  })
  const lost = lifeline.lost.then(async () => {
    if (shutdown.signal.aborted) return
    shutdown.abort(new Error('The worker lost its database.'))
    clearInterval(sweeper)
    throw new Error('The worker lost its connection to the database.')
  })
  return { finished: lost, stop }
}

const queuePayload = z.object({ jobId: z.uuid() })

function taskList(db: ReturnType<typeof openDatabase>, shutdown: AbortSignal, log: Log): TaskList {
  return Object.fromEntries(
    tasks.map((task) => [
      task.kind,
      async (payload: unknown) => runJob(db, task, queuePayload.parse(payload).jobId, shutdown, log),
    ]),
  )
}

function once(run: () => Promise<void>): () => Promise<void> {
  let result: Promise<void> | undefined
  return () => (result ??= run())
}
