import { workerPool } from '../workerPool.ts'
import type * as worker from './worker.ts'

/** Runs one task of the geometry on a worker thread, see {@link workerPool}. */
export const runGeometry = workerPool<typeof worker>(new URL('./worker.js', import.meta.url))
