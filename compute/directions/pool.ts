import { workerPool } from '../workerPool.ts'
import type * as worker from './worker.ts'

/** Runs a measurement on a worker thread, see {@link workerPool}. */
export const runDirections = workerPool<typeof worker>(new URL('./worker.js', import.meta.url))
