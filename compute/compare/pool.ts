import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { Piscina } from 'piscina'
import type * as worker from './worker.ts'

type Tasks = typeof worker
type TaskName = keyof Tasks

let pool: Piscina | undefined

/**
 * Runs one task on a worker thread. The threads are started on first use, one a core at most; idle ones keep no
 * process alive and end after a minute. An abort ends the thread at once and rejects with the signal's reason.
 */
export async function runTask<Name extends TaskName>(
  name: Name,
  input: Parameters<Tasks[Name]>[0],
  signal: AbortSignal | undefined,
): Promise<ReturnType<Tasks[Name]>> {
  pool ??= new Piscina({
    filename: fileURLToPath(new URL('./worker.js', import.meta.url)),
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
