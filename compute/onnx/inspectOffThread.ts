import { workerPool } from '../workerPool.ts'
import type * as worker from './inspectWorker.ts'
import type { NetworkSummary } from './summary.ts'

const run = workerPool<typeof worker>(new URL('./inspectWorker.js', import.meta.url), 1)

/**
 * As `inspectNetwork`, on a thread of its own: decoding and the first runs of a large network take seconds that
 * a server's event loop does not have.
 */
export function inspectNetworkOffThread(bytes: Uint8Array): Promise<NetworkSummary> {
  return run('inspect', bytes)
}
