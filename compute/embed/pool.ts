import { workerPool } from '../workerPool.ts'
import type * as worker from './worker.ts'

/** Runs one task of an embedding on a worker thread, see {@link workerPool}. */
export const runTask = workerPool<typeof worker>(new URL('./worker.js', import.meta.url))
