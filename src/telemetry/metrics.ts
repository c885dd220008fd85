import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import { computeTracing, listen, sqlTracing, type Listener } from '../../compute/tracing.ts'

/** From what a lookup takes to what a request may take. */
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120]
const COSTS = [1, 10, 100, 1000, 10_000, 100_000, 1_000_000]

/** Numbers that are asked for when somebody scrapes. */
export interface Gauges {
  /** Connections of the pool. */
  pool(): { used: number; idle: number; waiting: number }
  /** Jobs by kind and state, and the seconds that finished ones took. */
  jobs(): Promise<{ kind: string; state: string; count: number; seconds: number }[]>
  /** Workers that are alive, on whatever machine. */
  workers(): Promise<number>
}

/** The metrics of one process, as Prometheus scrapes them. */
export interface Metrics {
  request(route: string, method: string, status: number, seconds: number): void
  operation(type: string, outcome: 'ok' | 'error' | 'refused', cost: number): void
  /** In Prometheus' text format. */
  text(): Promise<string>
  readonly contentType: string
  /** Stops listening. */
  close(): void
}

/**
 * Counts what happens in this process from now on.
 * @param backend the kernels' backend
 * @param gauges what a server knows beside; a worker has none
 */
export function createMetrics(backend: string, gauges?: Gauges): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  const requests = new Histogram({
    name: 'atlas_http_request_seconds',
    help: 'Time from a request to the end of its answer.',
    labelNames: ['route', 'method', 'status'],
    buckets: SECONDS,
    registers,
  })
  const operations = new Counter({
    name: 'atlas_graphql_operations_total',
    help: 'GraphQL operations over HTTP by type and outcome: ok, error (in part or whole), refused (before they began).',
    labelNames: ['type', 'outcome'],
    registers,
  })
  const cost = new Histogram({
    name: 'atlas_graphql_cost',
    help: 'What operations over HTTP could cost, as the limit of cost counts.',
    buckets: COSTS,
    registers,
  })
  const sql = new Histogram({
    name: 'atlas_sql_seconds',
    help: 'Time of statements in Postgres, from sending to the last row.',
    buckets: SECONDS,
    registers,
  })
  const compute = new Histogram({
    name: 'atlas_compute_seconds',
    help: 'Time of tasks on worker threads (kernels, geometry, inference), waiting for a thread included.',
    labelNames: ['task', 'backend'],
    buckets: SECONDS,
    registers,
  })
  const stopSql = listen(
    sqlTracing,
    timesOf((_text, seconds) => sql.observe(seconds)),
  )
  const stopCompute = listen(
    computeTracing,
    timesOf((task, seconds) => compute.observe({ task, backend }, seconds)),
  )
  const setGauges = gauges ? makeGauges(gauges, registers) : async () => undefined
  return {
    request: (route, method, status, seconds) => requests.observe({ route, method, status }, seconds),
    operation(type, outcome, points) {
      operations.inc({ type, outcome })
      if (outcome !== 'refused') cost.observe(points)
    },
    async text() {
      await setGauges().catch(() => undefined)
      return registry.metrics()
    },
    contentType: registry.contentType,
    close() {
      stopSql()
      stopCompute()
    },
  }
}

/**
 * Makes the gauges, and answers what sets them. What Postgres is asked for is left out while it is away: that is when the
 * other numbers are wanted.
 */
function makeGauges({ pool, jobs, workers }: Gauges, registers: Registry[]): () => Promise<void> {
  const connections = new Gauge({
    name: 'atlas_pool_connections',
    help: 'Connections to Postgres that are used and idle, and requests that wait for one.',
    labelNames: ['state'],
    registers,
  })
  const jobCounts = new Gauge({
    name: 'atlas_jobs',
    help: 'Jobs of the atlas by kind and state; QUEUED is the depth of the queue.',
    labelNames: ['kind', 'state'],
    registers,
  })
  const jobSeconds = new Gauge({
    name: 'atlas_job_seconds',
    help: 'Seconds that the finished jobs of the atlas took, all together.',
    labelNames: ['kind'],
    registers,
  })
  const alive = new Gauge({
    name: 'atlas_workers',
    help: 'Workers that are alive, on whatever machine.',
    registers,
  })
  return async () => {
    for (const [state, count] of Object.entries(pool())) connections.set({ state }, count)
    for (const gauge of [jobCounts, jobSeconds, alive]) gauge.reset()
    const [counted, working] = await Promise.all([jobs(), workers()])
    for (const { kind, state, count, seconds } of counted) {
      jobCounts.set({ kind, state }, count)
      jobSeconds.inc({ kind }, seconds)
    }
    alive.set(working)
  }
}

/** Hears of each piece of work how long it took, also where it failed. */
function timesOf(hear: (name: string, seconds: number) => void): Listener {
  return { ended: ({ name, begun }) => hear(name, (performance.now() - begun) / 1000) }
}
