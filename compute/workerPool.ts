import { availableParallelism } from 'node:os'
import { Piscina } from 'piscina'

/** Runs one of a worker's exported functions on a thread. */
export type RunTask<Tasks extends Record<keyof Tasks, (input: never) => unknown>> = <
  Name extends keyof Tasks & string,
>(
  name: Name,
  input: Parameters<Tasks[Name]>[0],
  signal: AbortSignal | undefined,
) => Promise<Awaited<ReturnType<Tasks[Name]>>>

/**
 * Worker threads for the functions that a module exports, started on first use, one a core at most; idle ones keep no
 * process alive and end after a minute. An abort ends the task's thread at once and rejects with the signal's reason.
 *
 * @param worker the built module, for example new URL('./worker.js', import.meta.url)
 */
export function workerPool<Tasks extends Record<keyof Tasks, (input: never) => unknown>>(
  worker: URL,
): RunTask<Tasks> {
  let pool: Piscina | undefined
  return async (name, input, signal) => {
    pool ??= new Piscina({
      filename: worker.href,
      minThreads: 0,
      maxThreads: availableParallelism(),
      idleTimeout: 60_000,
    })
    try {
      return await pool.run(input, signal ? { name, signal } : { name })
    } catch (error) {
      signal?.throwIfAborted()
      throw error
    }
  }
}
