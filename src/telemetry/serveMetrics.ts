import { createServer } from 'node:http'
import { once } from 'node:events'
import { explainPort } from '../portInUse.ts'
import type { Metrics } from './metrics.ts'

/** Serves a worker's metrics at /metrics, to everybody: they tell nothing of what the atlas holds. Throws PORT_IN_USE. */
export async function serveMetrics(
  metrics: Metrics,
  port: number,
  host: string,
): Promise<() => Promise<void>> {
  const http = createServer((request, response) => {
    if (request.url !== '/metrics') return void response.writeHead(404).end()
    metrics.text().then(
      (text) => response.writeHead(200, { 'content-type': metrics.contentType }).end(text),
      () => response.writeHead(500).end(),
    )
  })
  http.listen(port, host)
  await once(http, 'listening').catch(explainPort('METRICS_PORT', port))
  return async () => {
    http.close()
    http.closeAllConnections()
    metrics.close()
  }
}
