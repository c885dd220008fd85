import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { Piscina } from 'piscina'

let pool: Piscina | undefined

/**
 * The worker threads of the Hamming search, started on first use, one a core at most. Idle threads are unref'd and
 * end after a minute: they keep no process alive.
 */
export function searchPool(): Piscina {
  pool ??= new Piscina({
    filename: fileURLToPath(new URL('./worker.js', import.meta.url)),
    name: 'searchTile',
    minThreads: 0,
    maxThreads: availableParallelism(),
    idleTimeout: 60_000,
  })
  return pool
}
