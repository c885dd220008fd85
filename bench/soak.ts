/**
 * Ten minutes at 80 % of the highest rate: whether a server that is busy for long makes errors, slows down or grows. The
 * server is a process of its own; its memory is what it tells at /metrics.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { loadSample } from '../src/sample/index.ts'
import { sql } from '../src/store/database.ts'
import { withEmptyAtlas } from './atlas.ts'
import { median, rounded, type Row } from './report.ts'
import { offServersCore } from './serve/cores.ts'
import { postgresPid } from './serve/index.ts'
import { Connection, generateLoad, messageOf } from './serve/load.ts'
import { readQuestions } from './serve/questions.ts'
import { ask, startServer } from './serve/servers.ts'

const CONNECTIONS = 16
const PROBE_SECONDS = 15
const SHARE = 0.8
const SAMPLE_MS = 5000

/** @param minutes how long; the first fifth is warm-up */
export async function benchSoak(minutes = 10): Promise<Row[]> {
  return withEmptyAtlas(async (atlas) => {
    await loadSample(atlas.db, 'test', () => undefined)
    await atlas.db.query(sql`vacuum analyze`)
    const questions = await readQuestions(atlas.db)
    offServersCore(process.pid)
    offServersCore(await postgresPid(atlas))
    const home = await mkdtemp(join(tmpdir(), 'atlas-bench-soak-'))
    const server = await startServer('atlas', atlas.url, home)
    try {
      const bodies = questions.flatMap(({ documents, variables }) =>
        variables.atlas.map((given) => JSON.stringify({ query: documents.atlas, variables: given })),
      )
      const requests = []
      for (const body of bodies)
        requests.push({ body, answerBytes: Buffer.byteLength(await ask(server.url, body)) })
      await generateLoad(server.url, requests, CONNECTIONS, PROBE_SECONDS)
      const probe = await generateLoad(server.url, requests, CONNECTIONS, PROBE_SECONDS)
      const rate = (SHARE * probe.requests) / probe.seconds
      console.log(
        `highest rate ${(probe.requests / probe.seconds).toFixed(0)}/s, going on at ${rate.toFixed(0)}/s`,
      )
      return await soak(server.url, requests, rate, minutes)
    } finally {
      await server.stop()
      await rm(home, { recursive: true, force: true })
    }
  })
}

/** What one minute brought. */
interface Minute {
  latencies: number[]
  errors: number
  rss: number[]
  heap: number[]
}

async function soak(
  url: string,
  requests: readonly { body: string; answerBytes: number }[],
  rate: number,
  minutes: number,
): Promise<Row[]> {
  const gathered = Array.from({ length: minutes }, (): Minute => ({
    latencies: [],
    errors: 0,
    rss: [],
    heap: [],
  }))
  const begun = performance.now()
  const messages = requests.map(({ body }) => messageOf(url, body))
  const total = Math.floor(rate * minutes * 60)
  let sent = 0
  const askInTurn = async () => {
    let connection = await Connection.open(url)
    while (sent < total) {
      const turn = sent++
      // From when it was due: a server that falls behind must not be asked less for it.
      const due = begun + (turn / rate) * 1000
      if (due > performance.now()) await sleep(due - performance.now())
      const minute = gathered[Math.min(minutes - 1, Math.floor((due - begun) / 60_000))]
      try {
        const bytes = await connection.ask(messages[turn % messages.length])
        if (bytes !== requests[turn % requests.length].answerBytes) minute.errors++
      } catch {
        minute.errors++
        connection = await Connection.open(url)
      }
      minute.latencies.push(performance.now() - due)
    }
    connection.close()
  }
  const asking = Promise.all(Array.from({ length: CONNECTIONS }, askInTurn))
  for (const [minute, current] of gathered.entries()) {
    const until = begun + (minute + 1) * 60_000
    while (performance.now() < until) {
      await sample(url, current)
      await sleep(SAMPLE_MS)
    }
    console.log(`minute ${minute + 1}: ${JSON.stringify(rowOf(minute, current))}`)
  }
  await asking
  return gathered.map((current, minute) => ({ ...rowOf(minute, current), rate: rounded(rate) }))
}

function rowOf(minute: number, { latencies, errors, rss, heap }: Minute): Row {
  const sorted = [...latencies].sort((a, b) => a - b)
  const quantile = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]
  return {
    minute: minute + 1,
    requests: latencies.length,
    errors,
    p50Ms: rounded(quantile(0.5)),
    p99Ms: rounded(quantile(0.99)),
    rssMiB: rounded(median(rss) / 2 ** 20),
    leastHeapMiB: rounded(Math.min(...heap) / 2 ** 20),
  }
}

async function sample(url: string, { rss, heap }: Minute): Promise<void> {
  const text = await (await fetch(new URL('/metrics', url))).text()
  const valueOf = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1])
  rss.push(valueOf('process_resident_memory_bytes'))
  heap.push(valueOf('nodejs_heap_size_used_bytes'))
}
