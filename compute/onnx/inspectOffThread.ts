import { Piscina } from 'piscina'
import { AtlasError } from '../errors.ts'
import type { Inspection } from './inspectWorker.ts'
import type { NetworkSummary } from './summary.ts'

let pool: Piscina<Uint8Array, Inspection> | undefined

/**
 * As `inspectNetwork`, on a thread of its own: decoding and the first runs of a large network take seconds that
 * a server's event loop does not have. The thread ends after an idle minute.
 */
export async function inspectNetworkOffThread(bytes: Uint8Array): Promise<NetworkSummary> {
  pool ??= new Piscina({
    filename: new URL('./inspectWorker.js', import.meta.url).href,
    name: 'inspect',
    minThreads: 0,
    maxThreads: 1,
    idleTimeout: 60_000,
  })
  const inspection = await pool.run(bytes)
  if ('summary' in inspection) return inspection.summary
  throw new AtlasError(inspection.code, inspection.message)
}
