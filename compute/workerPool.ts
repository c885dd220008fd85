import { availableParallelism } from 'node:os'
import { Piscina } from 'piscina'
import { AtlasError } from './errors.ts'

/** What a task answers across threads, where an Error keeps its message but loses its code. */
type Outcome<Value> = { value: Value } | { code: string; message: string }

/** A function that worker threads run. */
export type ThreadTask<Input, Value> = (input: Input) => Promise<Outcome<Value>>

/** Makes a function fit for a worker's exports: what it throws as an AtlasError arrives as one. */
export function threadTask<Input, Value>(
  run: (input: Input) => Value | Promise<Value>,
): ThreadTask<Input, Value> {
  return async (input) => {
    try {
      return { value: await run(input) }
    } catch (error) {
      if (error instanceof AtlasError) return { code: error.code, message: error.message }
      throw error
    }
  }
}

/** Runs one of a worker's exported tasks on a thread. */
export type RunTask<Tasks> = <Name extends keyof Tasks & string>(
  name: Name,
  input: Tasks[Name] extends ThreadTask<infer Input, unknown> ? Input : never,
  signal?: AbortSignal,
) => Promise<Tasks[Name] extends ThreadTask<never, infer Value> ? Value : never>

/**
 * Worker threads for the tasks that a module exports, started on first use, one a core at most; idle ones keep no
 * process alive and end after a minute. An abort ends the task's thread at once and rejects with the signal's reason.
 *
 * @param worker the built module, for example new URL('./worker.js', import.meta.url)
 */
export function workerPool<Tasks extends Record<keyof Tasks, ThreadTask<never, unknown>>>(
  worker: URL,
  maxThreads = availableParallelism(),
): RunTask<Tasks> {
  let pool: Piscina | undefined
  return async (name, input, signal) => {
    pool ??= new Piscina({ filename: worker.href, minThreads: 0, maxThreads, idleTimeout: 60_000 })
    const outcome = await pool.run(input, signal ? { name, signal } : { name }).catch((error: unknown) => {
      signal?.throwIfAborted()
      throw error
    })
    if ('value' in outcome) return outcome.value
    throw new AtlasError(outcome.code, outcome.message)
  }
}
