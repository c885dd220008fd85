// How a server answers by its settings: time, size, documents, compression; and what it tells of itself.
import { createHash } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readFileSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { json } from 'node:stream/consumers'
import { createClient } from 'graphql-ws'
import { pino, type Logger } from 'pino'
import { parse } from 'graphql'
import { connect, graphql } from 'polytope-atlas/client'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import WebSocket from 'ws'
import { hash128 } from '#atlas/compute/codes/hash.js'
import { startServer, type HttpServer, type ServerOptions } from '#atlas/src/http/server.js'
import { startWatchedWorker } from '#atlas/src/jobs/watchedWorker.js'
import { prepareQueue } from '#atlas/src/jobs/queue.js'
import { createApiKey } from '#atlas/src/store/apiKeys.js'
import { openDatabase, sql, whileWaiting, type Database } from '#atlas/src/store/database.js'
import { Waiting } from '#atlas/src/store/waiting.js'
import { startTraces } from '#atlas/src/telemetry/traces.js'
import { addNetwork } from '../support/atlas.ts'
import { useDatabase, withClient } from '../support/database.ts'
import { buildMlp, uniform } from '../support/onnx.ts'

const database = useDatabase()
const servers: HttpServer[] = []
let db: Database
let folder: string

beforeAll(async () => {
  db = openDatabase(database.url)
  await prepareQueue(db)
  folder = await mkdtemp(join(tmpdir(), 'atlas-serving-'))
  await addNetwork(db, 'wide', buildMlp({ sizes: [20, 150, 150, 150, 4], seed: 3 }))
})

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close()
})

afterAll(async () => {
  await db.close()
  await rm(folder, { recursive: true })
})

async function serve(options: Partial<ServerOptions> = {}, log: Logger = pino({ level: 'silent' })) {
  const server = await startServer(db, { port: 0, host: '127.0.0.1', uploads: folder, ...options }, log)
  servers.push(server)
  return server.url
}

async function ask(url: string, body: object, headers: Record<string, string> = {}) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
  const answer = await response.json()
  return {
    status: response.status,
    headers: response.headers,
    ...answer,
    code: answer.errors?.[0].extensions.code,
  }
}

const random = uniform(8)
const point = () => Array.from({ length: 20 }, () => 8 * (random() - 0.5)).join(',')

/** A plane with more polygons than there is time for. */
const plane = (maxRegions: number) =>
  `{ slice(network: "wide", origin: { values: [${point()}] }, u: { values: [${point()}] },
    v: { values: [${point()}] }, maxRegions: ${maxRegions}) { regionCount } }`

/** Statements that run in the test's database, but for the one that asks. */
async function statementsUnderWay(): Promise<number> {
  return withClient(database.url, async (client) => {
    const { rows } = await client.query(
      `select count(*)::int4 as count from pg_stat_activity
       where datname = current_database() and state = 'active' and pid <> pg_backend_pid()`,
    )
    return rows[0].count
  })
}

describe('time', () => {
  it('a request that takes too long is given up, its kernels too, and the server goes on', async () => {
    const url = await serve({ timeoutSeconds: 0.1 })
    const { status, code, errors } = await ask(url, { query: plane(20000) })
    expect([status, code]).toEqual([503, 'TIMED_OUT'])
    expect(errors[0].message).toContain('after 0.1 s')
    expect((await ask(url, { query: '{ __typename }' })).status).toBe(200)
  })

  it('holds over WebSocket as well', async () => {
    const url = await serve({ timeoutSeconds: 0.1 })
    const atlas = connect({ url, webSocket: WebSocket })
    const document = graphql('subscription ($id: ID!) { jobProgress(id: $id) { id } }')
    // A query sent over the socket: the client's type knows subscriptions alone.
    const slow = { ...document, definitions: parse(plane(20000)).definitions }
    await expect(atlas.subscribe(slow, { id: '' }).next()).rejects.toMatchObject({ code: 'TIMED_OUT' })
    await atlas.close()
    // A subscription beside it in the document makes a query last no longer.
    const client = createClient({ url: url.replace('http', 'ws'), webSocketImpl: WebSocket })
    const both = `query Slow ${plane(20000)} subscription Long($id: ID!) { jobProgress(id: $id) { id } }`
    for await (const { errors } of client.iterate({ query: both, operationName: 'Slow' }))
      expect(errors?.[0].extensions?.code).toBe('TIMED_OUT')
    await client.dispose()
  })

  it('a statement ends in Postgres when it is broken off', async () => {
    const client = new Waiting()
    const asked = whileWaiting(db, client).query(sql`select pg_sleep(60)`)
    await expect.poll(statementsUnderWay).toBe(1)
    client.end(new Error('gone'))
    await expect(asked).rejects.toThrow('gone')
    await expect.poll(statementsUnderWay, { timeout: 5000 }).toBe(0)
    // The pool has got over it.
    expect(await db.query(sql`select 1 as one`)).toEqual([{ one: 1 }])
  })

  it('a statement that nobody ends does so by itself, but not in a transaction', async () => {
    const brief = openDatabase(database.url, { statementTimeoutMs: 100 })
    await expect(brief.query(sql`select pg_sleep(60)`)).rejects.toMatchObject({ code: '57014' })
    await brief.transaction((tx) => tx.query(sql`select pg_sleep(0.3)`))
    await brief.close()
  })
})

describe('size', () => {
  it('an answer that is too large is refused, and says so', async () => {
    const url = await serve({ maxAnswerBytes: 1000 })
    const { status, code, errors } = await ask(url, { query: '{ __schema { types { name } } }' })
    expect([status, code]).toEqual([400, 'ANSWER_TOO_LARGE'])
    expect(errors[0].message).toMatch(/^The answer has \d+ bytes, and 1000 are sent at most: ask for fewer/)
  })

  it('answers are compressed for those who take it', async () => {
    const url = await serve()
    const body = { query: '{ __schema { types { name description } } }' }
    for (const encoding of ['gzip', 'br']) {
      const { headers, data } = await ask(url, body, { 'accept-encoding': encoding })
      expect(headers.get('content-encoding')).toBe(encoding)
      expect(data.__schema.types.length).toBeGreaterThan(50)
    }
    expect(
      (await ask(url, body, { 'accept-encoding': 'identity' })).headers.get('content-encoding'),
    ).toBeNull()
  })
})

describe('what may be kept', () => {
  const get = (url: string, query: string, headers: Record<string, string> = {}) =>
    fetch(`${url}?query=${encodeURIComponent(query)}`, {
      headers: { 'apollo-require-preflight': '1', ...headers },
    })

  it('answers to GET are asked for again by their ETag, and sent where they changed', async () => {
    const url = await serve()
    const query = '{ networks(first: 9) { nodes { name } } }'
    const first = await get(url, query)
    expect(first.headers.get('cache-control')).toBe('private, no-cache')
    const etag = first.headers.get('etag') ?? ''
    const same = await get(url, query, { 'if-none-match': etag })
    expect([same.status, await same.text()]).toEqual([304, ''])
    await addNetwork(db, 'younger', buildMlp({ sizes: [2, 3, 2], seed: 1 }))
    const changed = await get(url, query, { 'if-none-match': etag })
    expect([changed.status, await changed.json()]).toMatchObject([
      200,
      { data: { networks: { nodes: [{ name: 'wide' }, { name: 'younger' }] } } },
    ])
  })

  it('a document that is asked for by its hash is asked for again', async () => {
    const url = await serve()
    const query = '{ networks(first: 1) { totalCount } }'
    const sha256Hash = createHash('sha256').update(query).digest('hex')
    const extensions = { persistedQuery: { version: 1, sha256Hash } }
    await ask(url, { query, extensions })
    const address = `${url}?extensions=${encodeURIComponent(JSON.stringify(extensions))}`
    const answer = await fetch(address, {
      headers: { 'apollo-require-preflight': '1', origin: 'http://a.example' },
    })
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'private, no-cache'])
    expect(answer.headers.get('vary')).toMatch(/authorization, x-api-key, cookie, accept/)
  })

  it('codes are kept for ever, what hangs on them is not', async () => {
    const hash = Buffer.from(hash128(Uint8Array.of(0b101), 1, 1, 3)).toString('hex')
    await db.query(
      sql`insert into code (hash, bit_count, bits, active_bit_count) values (${hash}::uuid, 3, '\\x05', 2)`,
    )
    const url = await serve()
    const lastsOf = async (query: string) =>
      (await get(url, query)).headers.get('cache-control')?.includes('immutable')
    expect(await lastsOf('{ code(bits: "101") { hash bits } }')).toBe(true)
    expect(await lastsOf('{ code(bits: "111") { hash bits } }')).toBe(false)
    expect(await lastsOf('{ code(bits: "101") { regions(first: 1) { totalCount } } }')).toBe(false)
    expect(await lastsOf('{ code(bits: "101") { hash } networks(first: 1) { totalCount } }')).toBe(false)
  })
})

describe('trusted documents', () => {
  const TRUSTED = 'query Names { networks(first: 1, orderBy: NAME_ASC) { nodes { name } } }\n'

  it('are the only ones answered, by text or hash, but to admins', async () => {
    const documents = join(folder, 'documents')
    await mkdir(documents)
    await writeFile(join(documents, 'names.graphql'), TRUSTED)
    const url = await serve({ documents, access: 'keys' })
    const reader = { authorization: `Bearer ${await createApiKey(db, 'reader', 'READ')}` }
    const admin = { authorization: `Bearer ${await createApiKey(db, 'admin', 'ADMIN')}` }
    const answer = { networks: { nodes: [{ name: 'wide' }] } }
    expect((await ask(url, { query: TRUSTED }, reader)).data).toEqual(answer)
    const otherwise = '# the same\nquery   Names { networks(first:1 orderBy:NAME_ASC) {\n nodes { name } } }'
    expect((await ask(url, { query: otherwise }, reader)).data).toEqual(answer)
    const persisted = (text: string) => ({
      extensions: {
        persistedQuery: { version: 1, sha256Hash: createHash('sha256').update(text).digest('hex') },
      },
    })
    expect((await ask(url, persisted(TRUSTED.trim()), reader)).data).toEqual(answer)
    expect((await ask(url, persisted('{ __typename }'), reader)).code).toBe('PERSISTED_QUERY_NOT_FOUND')
    for (const query of ['{ __typename }', '{ not graphql'])
      expect((await ask(url, { query, ...persisted(query) }, reader)).code).toBe('UNKNOWN_DOCUMENT')
    expect((await ask(url, { query: '{ __typename }' }, admin)).data).toEqual({ __typename: 'Query' })
    await expect(serve({ documents: join(folder, 'none') })).rejects.toMatchObject({ code: 'BAD_SETTING' })
  })
})

describe('what the server tells of itself', () => {
  it('every answer has an id, which lines of the log carry', async () => {
    const lines: Record<string, unknown>[] = []
    const sink = new Writable({ write: (line, _encoding, done) => done(void lines.push(JSON.parse(line))) })
    const url = await serve({}, pino({ level: 'info' }, sink))
    const own = (await ask(url, { query: '{ __typename }' })).headers.get('x-request-id')
    expect(own).toMatch(/^[0-9a-f-]{36}$/)
    const given = await ask(url, { query: '{ __typename }' }, { 'x-request-id': 'from-the-proxy' })
    expect(given.headers.get('x-request-id')).toBe('from-the-proxy')
    const forged = await ask(url, { query: '{ __typename }' }, { 'x-request-id': 'a b{}' })
    expect(forged.headers.get('x-request-id')).not.toBe('a b{}')
    await expect.poll(() => lines.filter(({ msg }) => msg === 'request').length).toBe(3)
    expect(lines.find(({ requestId }) => requestId === 'from-the-proxy')).toMatchObject({
      method: 'POST',
      path: '/graphql',
      status: 200,
    })
  })

  it('is live without Postgres, and ready with it alone', async () => {
    const lost = openDatabase(database.url.replace(/:\d+\//, ':1/'))
    const server = await startServer(
      lost,
      { port: 0, host: '127.0.0.1', uploads: folder },
      pino({ level: 'silent' }),
    )
    const status = async (path: string) => (await fetch(new URL(path, server.url))).status
    expect(await status('/health/live')).toBe(200)
    expect(await status('/health/ready')).toBe(503)
    expect(await status('/health')).toBe(503)
    // Numbers are wanted most when something is away.
    const metrics = await fetch(new URL('/metrics', server.url))
    expect([metrics.status, await metrics.text()]).toEqual([
      200,
      expect.stringContaining('process_cpu_seconds'),
    ])
    const { code, status: answered } = await ask(server.url, {
      query: '{ networks(first: 1) { totalCount } }',
    })
    expect([answered, code]).toEqual([200, 'DATABASE_AWAY'])
    const options = { port: 0, host: '127.0.0.1', uploads: folder, access: 'keys' as const }
    const keyed = await startServer(lost, options, pino({ level: 'silent' }))
    const refused = await ask(keyed.url, { query: '{ __typename }' }, { 'x-api-key': 'atlas_any' })
    expect([refused.status, refused.code, refused.headers.get('retry-after')]).toEqual([
      503,
      'DATABASE_AWAY',
      '2',
    ])
    await keyed.close()
    await server.close()
    await lost.close()
  })

  it('counts requests, operations, statements, jobs and compute for Prometheus', async () => {
    const url = await serve()
    await db.query(
      sql`insert into job (id, kind, payload, state, started_at, finished_at)
          select gen_random_uuid(), 'compare', '{}', 'SUCCEEDED', now(), now() + interval '2.5 s' from generate_series(1, 2)`,
    )
    await ask(url, { query: '{ networks(first: 3) { nodes { name } } }' })
    await ask(url, { query: '{ nothing }' })
    await ask(url, { query: '{ network(name: "x/y") { name } partition(path: "?") { id } }' })
    await ask(url, { query: plane(2) })
    const text = await (await fetch(new URL('/metrics', url))).text()
    const valueOf = (series: string) =>
      Number(
        text
          .split('\n')
          .find((line) => line.startsWith(`${series} `))
          ?.split(' ')
          .at(-1),
      )
    expect(
      valueOf('atlas_http_request_seconds_count{route="graphql",method="POST",status="200"}'),
    ).toBeGreaterThan(1)
    expect(valueOf('atlas_graphql_operations_total{type="query",outcome="ok"}')).toBe(2)
    expect(valueOf('atlas_graphql_operations_total{type="query",outcome="error"}')).toBeGreaterThanOrEqual(1)
    expect(valueOf('atlas_graphql_operations_total{type="unknown",outcome="refused"}')).toBe(1)
    expect(valueOf('atlas_graphql_cost_count')).toBeGreaterThan(1)
    expect(valueOf('atlas_sql_seconds_count')).toBeGreaterThanOrEqual(1)
    expect(valueOf('atlas_pool_connections{state="waiting"}')).toBe(0)
    expect(valueOf('atlas_workers')).toBe(0)
    expect(valueOf('atlas_jobs{kind="compare",state="SUCCEEDED"}')).toBe(2)
    expect(valueOf('atlas_job_seconds{kind="compare"}')).toBe(5)
    expect(valueOf('process_cpu_seconds_total')).toBeGreaterThan(0)
    const dashboard = readFileSync('deploy/grafana/atlas.json', 'utf8')
    const shown = new Set(dashboard.match(/\b(atlas|process|nodejs)_\w+/g))
    expect(shown.size).toBeGreaterThan(8)
    for (const name of shown) expect(text, name).toContain(name)
    expect(text).toMatch(/atlas_compute_seconds_count\{task="\w+",backend="(wasm|native|cuda)"\} [1-9]/)
  })

  it('a worker serves its own, and says so where the port is taken', async () => {
    const address = (http: Server) => http.address() as AddressInfo
    const probe = createServer().listen(0, '127.0.0.1')
    await once(probe, 'listening')
    const { port } = address(probe)
    const start = () =>
      startWatchedWorker(database.url, { metricsPort: port, host: '127.0.0.1' }, () => undefined)
    await expect(start()).rejects.toMatchObject({ code: 'PORT_IN_USE' })
    await new Promise((closed) => probe.close(closed))
    const worker = await start()
    const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
    expect(text).toContain('atlas_sql_seconds_count')
    expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(404)
    await worker.stop()
  })

  it('sends traces that go on where the client began them, statements inside', async () => {
    const bodies: { resourceSpans: { scopeSpans: { spans: Record<string, string>[] }[] }[] }[] = []
    const collector = createServer((request, response) => {
      void json(request).then((body) => {
        bodies.push(body as (typeof bodies)[number])
        response.end('{}')
      })
    })
    collector.listen(0, '127.0.0.1')
    await once(collector, 'listening')
    const address = collector.address()
    if (typeof address !== 'object' || !address) throw new Error('The collector has no port.')
    process.env.OTEL_EXPORTER_OTLP_ENDPOINT = `http://127.0.0.1:${address.port}`
    const stop = await startTraces('test')
    const traceId = '0af7651916cd43dd8448eb211c80319c'
    try {
      const url = await serve()
      await ask(
        url,
        { query: '{ networks(first: 1) { nodes { name } } }' },
        { traceparent: `00-${traceId}-b7ad6b7169203331-01` },
      )
    } finally {
      delete process.env.OTEL_EXPORTER_OTLP_ENDPOINT
      await stop()
      collector.close()
    }
    const spans = bodies.flatMap(({ resourceSpans }) =>
      resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)),
    )
    const request = spans.find(({ name }) => name === 'POST /graphql')
    expect(request).toMatchObject({ traceId, parentSpanId: 'b7ad6b7169203331' })
    const statement = spans.find(({ name }) => name.startsWith('sql'))
    expect(statement).toMatchObject({ traceId, parentSpanId: request?.spanId, name: 'sql select' })
  })
})
