import { readFileSync } from 'node:fs'
import { request } from 'node:http'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildClientSchema, getIntrospectionQuery, parse, printSchema } from 'graphql'
import { serverAudits } from 'graphql-http'
import { createClient } from 'graphql-ws'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import WebSocket from 'ws'
import { z } from 'zod'
import { startServer, type HttpServer } from '#atlas/src/http/server.js'
import { prepareQueue } from '#atlas/src/jobs/queue.js'
import { startWorker, type Worker } from '#atlas/src/jobs/worker.js'
import { openDatabase, type Database } from '#atlas/src/store/database.js'
import { namesOf } from '../schema/names.ts'
import { useDatabase } from '../support/database.ts'
import { childrenOf, computed, slowNetwork } from '../support/inspect.ts'
import { buildMlp } from '../support/onnx.ts'

const database = useDatabase()
let db: Database
let server: HttpServer
let worker: Worker
let uploads: string
let origin: string

beforeAll(async () => {
  db = openDatabase(database.url)
  await prepareQueue(db)
  uploads = await mkdtemp(join(tmpdir(), 'atlas-http-'))
  server = await startServer(db, { port: 0, host: '127.0.0.1', uploads }, pino({ level: 'silent' }))
  worker = await startWorker(database.url, () => undefined)
  origin = new URL(server.url).origin
})

afterAll(async () => {
  await worker.stop()
  await server.close()
  await db.close()
  await rm(uploads, { recursive: true })
})

async function query(source: string, variables: Record<string, unknown> = {}) {
  const response = await fetch(server.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: source, variables }),
  })
  return response.json()
}

async function upload(bytes: Uint8Array | string) {
  const body = typeof bytes === 'string' ? bytes : new Blob([Uint8Array.from(bytes)])
  const response = await fetch(`${origin}/files`, { method: 'PUT', body })
  return { status: response.status, answer: await response.json() }
}

/** A NPY file of float32 samples that a network with four inputs takes. */
function npy(rows: number): Buffer {
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows}, 4), }`.padEnd(117) + '\n'
  const values = Float32Array.from({ length: rows * 4 }, (_, i) => Math.sin(i))
  const prefix = Buffer.from('\x93NUMPY\x01\0v\0', 'latin1')
  return Buffer.concat([prefix, Buffer.from(header), Buffer.from(values.buffer)])
}

describe('GraphQL over HTTP', () => {
  for (const audit of serverAudits({ url: () => server.url, fetchFn: fetch }))
    it(audit.name, async () => {
      const result = await audit.fn()
      if (result.status === 'error' || result.status === 'warn') throw new Error(result.reason)
    })
})

describe('the served schema', () => {
  it('has every name that clients rely on', async () => {
    const { data } = await query(getIntrospectionQuery())
    const served = new Set(namesOf(parse(printSchema(buildClientSchema(data)))))
    const path = join(import.meta.dirname, '..', 'schema', 'contract.names.json')
    const names = z.array(z.string()).parse(JSON.parse(readFileSync(path, 'utf8')))
    expect(names.filter((name) => !served.has(name))).toEqual([])
  })
})

describe('pages', () => {
  it('serves GraphiQL to browsers, with nothing from elsewhere', async () => {
    const page = await fetch(server.url, { headers: { accept: 'text/html' } })
    const html = await page.text()
    expect(html).toContain('Polytope Atlas')
    expect(html).not.toMatch(/<(script|link|img)[^>]+(src|href)=["']?https?:/)
    expect(html).toContain('LastLayerRegions')
  })

  it('says that it is well', async () => {
    expect(await (await fetch(`${origin}/health`)).json()).toEqual({
      status: 'ok',
      compute: {
        kernels: {
          name: expect.stringMatching(/^(wasm|native|cuda)$/),
          device: expect.stringMatching(/\S/),
          fallback: expect.toSatisfy((value: unknown) => value === null || typeof value === 'string'),
        },
        inference: expect.stringMatching(/^ONNX Runtime \d+\.\d+/),
      },
    })
  })
})

describe('uploads', () => {
  it('answers the same handle for the same bytes and leaves nothing on disk', async () => {
    const first = await upload('some bytes')
    expect(first).toMatchObject({ status: 201, answer: { byteCount: 10 } })
    expect((await upload('some bytes')).answer.file).toBe(first.answer.file)
    expect(await readdir(uploads)).toEqual([])
  })

  it('refuses an empty body', async () => {
    expect(await upload('')).toMatchObject({ status: 400, answer: { error: { code: 'EMPTY_FILE' } } })
  })

  it('refuses by its length what is too large, before it is sent', async () => {
    const status = await new Promise((resolve, reject) => {
      const put = request(`${origin}/files`, { method: 'PUT', headers: { 'content-length': 2 ** 40 } })
      put.on('response', (response) => resolve(response.statusCode)).on('error', reject)
      put.flushHeaders()
    })
    expect(status).toBe(413)
  })

  it('keeps nothing of an upload that breaks off', async () => {
    await new Promise<void>((resolve) => {
      const put = request(`${origin}/files`, { method: 'PUT', headers: { 'content-length': 1000 } })
      put.on('error', () => resolve())
      put.write('half', () => put.destroy(new Error('gone')))
    })
    await expect.poll(() => readdir(uploads)).toEqual([])
    expect(await query('{ __typename }')).toEqual({ data: { __typename: 'Query' } })
  })
})

describe('a whole atlas over HTTP', () => {
  it('imports, partitions and answers, with progress by subscription', async () => {
    const network = await upload(buildMlp({ sizes: [4, 6, 5, 3], seed: 7 }))
    const imported = await query(
      `mutation ($file: ID!) { importNetwork(input: { name: "net", file: $file }) { network { path layers { unitCount } } } }`,
      { file: network.answer.file },
    )
    expect(imported).toEqual({
      data: { importNetwork: { network: { path: 'net', layers: [{ unitCount: 6 }, { unitCount: 5 }] } } },
    })
    const data = await upload(npy(300))
    const started = await query(
      `mutation ($file: ID!) { importDataset(input: { name: "points", file: $file }) { job { id } } }`,
      { file: data.answer.file },
    )
    expect((await follow(started.data.importDataset.job.id)).at(-1)).toMatchObject({ state: 'SUCCEEDED' })
    const created = await query(`mutation {
      createPartition(input: { network: "net", dataset: "points", fromLayer: 0, toLayer: 1 }) {
        partition { path siteCount bitCount } job { id } } }`)
    expect(created.data.createPartition.partition).toEqual({
      path: 'net/0..1@points',
      siteCount: 300,
      bitCount: 11,
    })
    const states = await follow(created.data.createPartition.job.id)
    expect(states.at(-1)).toMatchObject({ state: 'SUCCEEDED', done: 600, total: 600 })
    const answer = await query(`{ partition(path: "net/0..1@points") {
      regionCount regions(first: 500) { totalCount nodes { memberCount code { bits } } } } }`)
    const { regionCount, regions } = answer.data.partition
    expect(regions.totalCount).toBe(regionCount)
    const sizes: { memberCount: number }[] = regions.nodes
    expect(sizes.reduce((sum, region) => sum + region.memberCount, 0)).toBe(300)
  })

  it('answers mistakes with a stable code', async () => {
    const broken = await upload('no ONNX at all')
    const answer = await query(
      `mutation ($file: ID!) { importNetwork(input: { name: "broken", file: $file }) { network { id } } }`,
      { file: broken.answer.file },
    )
    expect(answer.errors[0].extensions.code).toBe('MALFORMED_ONNX')
    expect(await query('{ network(name: "broken") { id } }')).toEqual({ data: { network: null } })
  })
})

describe.runIf(process.platform === 'linux')('the process that reads a network', () => {
  it('dies alone: the server answers on, and imports the next network', async () => {
    const source =
      'mutation ($name: String!, $file: ID!) { importNetwork(input: { name: $name, file: $file }) { network { path } } }'
    const slow = await upload(slowNetwork())
    // That of the imports before would be replaced without a word.
    childrenOf(process.pid).forEach((child) => process.kill(child, 'SIGKILL'))
    await expect.poll(() => childrenOf(process.pid)).toEqual([])
    const importing = query(source, { name: 'slow', file: slow.answer.file })
    await expect.poll(() => childrenOf(process.pid)).toHaveLength(1)
    const [child] = childrenOf(process.pid)
    await expect.poll(() => computed(child), { timeout: 20_000 }).toBeGreaterThan(1)
    expect(await query('{ __typename }')).toEqual({ data: { __typename: 'Query' } })
    process.kill(child, 'SIGKILL')
    const [error] = (await importing).errors
    expect(error).toMatchObject({ extensions: { code: 'NETWORK_CRASHED' } })
    expect(error.message).toMatch(/died \(SIGKILL\)/)
    const next = await upload(buildMlp({ sizes: [4, 6, 3], seed: 8 }))
    expect(await query(source, { name: 'next', file: next.answer.file })).toEqual({
      data: { importNetwork: { network: { path: 'next' } } },
    })
    expect(await query('{ network(name: "slow") { id } }')).toEqual({ data: { network: null } })
  })
})

/** All rows that the subscription sends until it ends. */
async function follow(id: string): Promise<unknown[]> {
  const client = createClient({ url: server.url.replace('http', 'ws'), webSocketImpl: WebSocket })
  const rows: unknown[] = []
  const source = `subscription { jobProgress(id: "${id}") { state done total } }`
  for await (const event of client.iterate({ query: source })) {
    if (event.errors) throw new Error(JSON.stringify(event.errors))
    rows.push(event.data?.jobProgress)
  }
  await client.dispose()
  return rows
}
