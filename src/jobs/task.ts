import type { z } from 'zod'
import type { Database } from '../store/database.ts'

/** What a running job may do and must obey. */
export interface JobContext {
  db: Database
  jobId: string
  /** Aborted when the job is cancelled or its worker shuts down. */
  signal: AbortSignal
  /**
   * Reports progress in whatever steps the job counts; rows and notifications are written at most every
   * 200 ms. Rejects when the job was cancelled, so that a job stops at its next report.
   */
  progress(done: number, total: number): Promise<void>
}

/** A kind of job: its name, the payload it takes, and what it does. */
export interface Task<Payload> {
  readonly kind: string
  readonly payload: z.ZodType<Payload>
  /** Parses the stored payload and does the work. */
  execute(context: JobContext, payload: unknown): Promise<void>
}

/** Defines a kind of job. Running `run` twice, or part of it and then all of it, must equal running it once. */
export function defineTask<Payload extends object>(task: {
  kind: string
  payload: z.ZodType<Payload>
  run(context: JobContext, payload: Payload): Promise<void>
}): Task<Payload> {
  const { kind, payload } = task
  return { kind, payload, execute: (context, raw) => task.run(context, payload.parse(raw)) }
}

/** Thrown by `progress` in a job that was cancelled. */
export class JobCancelled extends Error {
  constructor() {
    super('The job was cancelled.')
    this.name = 'JobCancelled'
  }
}

/** Where a worker says what happens. */
export type Log = (level: 'debug' | 'info' | 'warn' | 'error', message: string) => void
