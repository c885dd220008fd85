import type { Settings } from '../settings.ts'
import { createMetrics } from '../telemetry/metrics.ts'
import { serveMetrics } from '../telemetry/serveMetrics.ts'
import { startTraces } from '../telemetry/traces.ts'
import { computeInUse } from './direct/compute.ts'
import type { Log } from './task.ts'
import { startWorker, type Worker } from './worker.ts'

/** A worker with the metrics (at METRICS_PORT) and traces that the settings ask for: for a process of its own. Throws PORT_IN_USE. */
export async function startWatchedWorker(
  url: string,
  { metricsPort, host }: Pick<Settings, 'metricsPort' | 'host'>,
  log: Log,
): Promise<Worker> {
  const stopTraces = await startTraces('polytope-atlas-worker')
  const stopMetrics =
    metricsPort === undefined
      ? async () => undefined
      : await serveMetrics(createMetrics(computeInUse().kernels.name), metricsPort, host)
  const { finished, stop } = await startWorker(url, log)
  return {
    finished,
    async stop() {
      await stop()
      await stopMetrics()
      await stopTraces()
    },
  }
}
