// What attackers send: the checks of graphql-cop and of OWASP's GraphQL cheat sheet that are not limits of a query
// (limits.test.ts) or of callers (access.test.ts), and what is thrown at any server. All of it is refused or answered,
// and the server goes on.
import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { connect as connectTcp, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { gzipSync } from 'node:zlib'
import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import WebSocket from 'ws'
import { startServer, type HttpServer } from '#atlas/src/http/server.js'
import { prepareQueue } from '#atlas/src/jobs/queue.js'
import { openDatabase, type Database } from '#atlas/src/store/database.js'
import { addNetwork } from '../support/atlas.ts'
import { useDatabase } from '../support/database.ts'
import { buildMlp, uniform } from '../support/onnx.ts'

const long = process.env.ATLAS_TEST === 'long'
const database = useDatabase()
const logged: string[] = []
let db: Database
let server: HttpServer
let uploads: string
let origin: URL

beforeAll(async () => {
  db = openDatabase(database.url)
  await prepareQueue(db)
  uploads = await mkdtemp(join(tmpdir(), 'atlas-attacks-'))
  const log = pino({ level: 'error' }, { write: (line: string) => void logged.push(line) })
  server = await startServer(db, { port: 0, host: '127.0.0.1', uploads }, log)
  origin = new URL(server.url)
  await addNetwork(db, 'net', buildMlp({ sizes: [2, 3, 2], seed: 1 }))
})

afterEach(async () => {
  expect(await answers(), 'the server goes on').toBe(true)
  expect(logged.splice(0), 'errors in the log').toEqual([])
})

afterAll(async () => {
  await server.close()
  await db.close()
  await rm(uploads, { recursive: true })
})

async function answers(): Promise<boolean> {
  const { data } = await (await post(JSON.stringify({ query: '{ networks { totalCount } }' }))).json()
  return data.networks.totalCount === 1
}

function post(body: BodyInit, headers: Record<string, string> = {}, method = 'POST') {
  return fetch(server.url, { method, headers: { 'content-type': 'application/json', ...headers }, body })
}

async function ask(query: string, variables: Record<string, unknown> = {}) {
  const response = await post(JSON.stringify({ query, variables }))
  return { status: response.status, ...(await response.json()) }
}

/** Sends bytes over TCP; what comes back until the server closes, or until so many milliseconds are over. */
function raw(pieces: Iterable<string | Buffer>, patience = 5000): Promise<string> {
  return new Promise((resolve) => {
    let answer = ''
    const socket = connectTcp(Number(origin.port), '127.0.0.1')
    const timer = setTimeout(() => socket.destroy(), patience)
    socket.on('data', (data) => (answer += data.toString('latin1')))
    socket.on('error', () => undefined)
    socket.on('close', () => {
      clearTimeout(timer)
      resolve(answer)
    })
    for (const piece of pieces) socket.write(piece)
  })
}

describe('graphql-cop', () => {
  it('mutations do not go by GET', async () => {
    const url = `${server.url}?query=${encodeURIComponent('mutation { deleteNetwork(name: "net") { name } }')}`
    const response = await fetch(url, { headers: { 'apollo-require-preflight': '1' } })
    expect(response.status).toBe(405)
  })

  it('forms are not read', async () => {
    const form = new URLSearchParams({ query: 'mutation { deleteNetwork(name: "net") { name } }' })
    expect((await fetch(server.url, { method: 'POST', body: form })).status).toBe(400)
  })

  it('neither traces nor stacks are told', async () => {
    const { status, extensions, errors } = await ask('{ network(name: 7) { nothing } }')
    expect([status, extensions]).toEqual([400, undefined])
    expect(JSON.stringify(errors)).not.toMatch(/stack|node_modules|\.ts:|\.js:/)
    const response = await fetch(new URL('/regions/%E0%A4%A/affine-map.npy', server.url))
    expect(response.status).toBe(400)
    expect(await response.text()).not.toMatch(/node_modules/)
  })

  it('many of the same field are one field, and thousands are refused', async () => {
    expect((await ask(`{ ${'__typename '.repeat(100)} }`)).data).toEqual({ __typename: 'Query' })
    // Comparing each with each is given up by the validation itself.
    expect((await ask(`{ ${'__typename '.repeat(4000)} }`)).status).toBe(400)
  })

  it('circular introspection is too deep', async () => {
    const circle = 'fields { type { '.repeat(12)
    const { status, errors } = await ask(`{ __schema { types { ${circle} name ${'} }'.repeat(12)} } } }`)
    expect([status, errors[0].extensions.code]).toEqual([400, 'QUERY_TOO_DEEP'])
  })
})

describe('injection', () => {
  const NASTY = [
    `'; drop table network; --`,
    `" or 1=1 --`,
    `net' or 'a'='a`,
    `$1`,
    `\\'; select pg_sleep(10); --`,
    `%00`,
    '\u0000',
    `../../../../etc/passwd`,
    `..\\..\\windows`,
    `net/../net`,
    `__proto__`,
    `constructor`,
    `<script>alert(1)</script>`,
    '\u202e\ud800',
    'x'.repeat(100_000),
  ]

  it('into names, paths, ids, cursors and handles finds nothing', async () => {
    for (const value of NASTY) {
      const { data, errors = [] } = await ask(
        `query ($s: String!, $id: ID!) {
          network(name: $s) { name }
          dataset(name: $s) { name }
          node(id: $id) { id }
          partition(path: $id) { path }
          found: networks(first: 1, filter: { tag: $s, nameContains: $s }) { totalCount }
          after: networks(first: 1, after: $s) { nodes { name } }
        }`,
        { s: value, id: value },
      )
      for (const found of Object.values(data ?? {}))
        expect([null, { totalCount: 0 }], value.slice(0, 40)).toContainEqual(found)
      const codes = errors.map(({ extensions }: { extensions: { code: string } }) => extensions.code)
      expect(codes, value.slice(0, 40)).not.toContain('INTERNAL')
    }
  })

  it('into imports leaves nothing behind', async () => {
    for (const value of NASTY) {
      const { errors } = await ask(
        `mutation ($s: String!, $id: ID!) {
          a: importNetwork(input: { name: $s, file: $id }) { network { name } }
          b: importDataset(input: { name: $s, file: $id }) { job { id } }
          c: deleteNetwork(name: $s) { name }
        }`,
        { s: value, id: value },
      )
      expect(errors[0].extensions.code, value.slice(0, 40)).not.toBe('INTERNAL')
    }
    expect(await db.prisma.job.count()).toBe(0)
    expect(await db.prisma.file.count()).toBe(1)
  })

  it('a name that leads out of a folder is taken as a name', async () => {
    for (const path of [
      '/assets/../../package.json',
      '/assets/%2e%2e/%2e%2e/package.json',
      '/assets/..%2f..%2fpackage.json',
      '/..%2f..%2f..%2fetc%2fpasswd',
      '/atlas/../../../../etc/passwd',
      '/regions/../../etc/passwd/affine-map.npy',
      '/files/../../../etc/passwd',
    ]) {
      const answer = await raw([`GET ${path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`])
      expect(answer, path).toMatch(/^HTTP\/1\.1 (200|4\d\d) /)
      expect(answer, path).not.toMatch(/"dependencies"|root:/)
    }
    const put = await fetch(new URL('/files/..%2f..%2fevil', server.url), { method: 'PUT', body: 'x' })
    expect(put.status).toBe(404)
    expect(await readdir(uploads)).toEqual([])
  })
})

describe('sizes', () => {
  it('a body that unpacks to more than a megabyte is refused', async () => {
    const bomb = gzipSync(JSON.stringify({ query: `{ __typename } # ${' '.repeat(100_000_000)}` }))
    expect(bomb.length).toBeLessThan(200_000)
    const response = await post(new Blob([new Uint8Array(bomb)]), { 'content-encoding': 'gzip' })
    expect(response.status).toBe(413)
  })

  it('variables beyond a megabyte are refused; within it, those of a wrong type', async () => {
    const query = 'query ($names: [ID!]!) { nodes(ids: $names) { id } }'
    const most = await ask(query, { names: Array.from({ length: 100_000 }, () => 'abc') })
    expect(most.status).toBe(200)
    const more = await post(JSON.stringify({ query, variables: { names: ['x'.repeat(2_000_000)] } }))
    expect(more.status).toBe(413)
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
    const nested = await post(`{"query":${JSON.stringify(query)},"variables":{"names":${deep}}}`)
    expect(nested.status).toBeGreaterThanOrEqual(200)
    expect(nested.status).toBeLessThan(500)
  })

  it('numbers beyond their types are refused', async () => {
    for (const first of ['-1', '1e400', '99999999999999999999', '2147483648', '0.5', '"7"'])
      expect((await ask(`{ networks(first: ${first}) { nodes { name } } }`)).errors, first).toHaveLength(1)
  })

  it('a message of a WebSocket beyond a megabyte closes it', async () => {
    const socket = new WebSocket(server.url.replace('http', 'ws'), 'graphql-transport-ws')
    const closed = new Promise((resolve) => socket.on('close', resolve))
    socket.on('open', () => socket.send('x'.repeat(2_000_000)))
    expect(await closed).toBe(1009)
  })

  it('floods of headers are refused', async () => {
    const flood = Array.from({ length: 3000 }, (_, i) => `x-${i}: ${'y'.repeat(20)}\r\n`)
    expect(await raw([`GET /health HTTP/1.1\r\nhost: localhost\r\n`, ...flood, '\r\n'])).toMatch(
      /^HTTP\/1\.1 431 /,
    )
    expect(await raw([`GET /${'a'.repeat(100_000)} HTTP/1.1\r\nhost: localhost\r\n\r\n`])).toMatch(
      /^HTTP\/1\.1 (414|431) /,
    )
  })

  it('two lengths, or a length and chunks, are refused', async () => {
    const begin = 'POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n'
    const smuggled = '0\r\n\r\nGET /health HTTP/1.1\r\nhost: localhost\r\n\r\n'
    expect(await raw([begin, 'content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n', smuggled])).toMatch(
      /^HTTP\/1\.1 400 /,
    )
    expect(await raw([begin, 'content-length: 5\r\ncontent-length: 6\r\n\r\n', smuggled])).toMatch(
      /^HTTP\/1\.1 400 /,
    )
  })
})

describe('slowness', () => {
  it('clients that send nothing more hold nobody up', async () => {
    const sockets: Socket[] = []
    for (let i = 0; i < 300; i++) {
      const socket = connectTcp(Number(origin.port), '127.0.0.1')
      socket.on('error', () => undefined)
      socket.write(
        i % 2 === 0
          ? 'POST /graphql HTTP/1.1\r\nhost: localhost\r\n'
          : 'POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{',
      )
      sockets.push(socket)
    }
    for (let i = 0; i < 20; i++) expect(await answers()).toBe(true)
    for (const socket of sockets) socket.destroy()
  })

  it.runIf(long)(
    'headers that do not end, and a query that does not come, are given up',
    { timeout: 90_000 },
    async () => {
      const begin = 'POST /graphql HTTP/1.1\r\nhost: localhost\r\n'
      const headers = await raw([begin], 60_000)
      expect(headers).toMatch(/^HTTP\/1\.1 408 /)
      const begun = performance.now()
      await raw([begin, 'content-type: application/json\r\ncontent-length: 1000\r\n\r\n{'], 60_000)
      expect(performance.now() - begun).toBeLessThan(45_000)
    },
  )

  it('clients that do not read what they asked for are given up when they go', async () => {
    const body = JSON.stringify({
      query: '{ __schema { types { name description fields { name description } } } }',
    })
    const request = `POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`
    const sockets = Array.from({ length: 50 }, () => {
      const socket = connectTcp(Number(origin.port), '127.0.0.1')
      socket.on('error', () => undefined)
      socket.pause()
      socket.write(request.repeat(5))
      return socket
    })
    expect(await answers()).toBe(true)
    for (const socket of sockets) socket.destroy()
  })
})

/** Bytes of JavaScript's heap that something holds. */
function heapInUse(): number {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
  return process.memoryUsage().heapUsed
}

describe('noise', () => {
  it('10,000 bodies of random bytes are refused, and memory stays', { timeout: 120_000 }, async () => {
    const random = uniform(17)
    const templates = [
      '{"query":"{ networks { nodes { name } } }","variables":{}}',
      '{"query":"query ($n: Int) { networks(first: $n) { totalCount } }","variables":{"n":3},"operationName":null}',
      '{"query":"mutation { deleteNetwork(name: \\"net\\") { name } }"',
    ].map((text) => Buffer.from(text))
    const bodyOf = (i: number): Buffer => {
      if (i % 2 === 0) return randomBytes(Math.floor(random() ** 4 * 20_000))
      // A good request with some bytes changed.
      const body = Buffer.from(templates[i % templates.length])
      for (let change = 0; change < 3; change++)
        body[Math.floor(random() * body.length)] = Math.floor(random() * 256)
      return body
    }
    const counts: Record<string, number> = {}
    let heapBefore = 0
    for (let round = 0; round < 100; round++) {
      const statuses = await Promise.all(
        Array.from({ length: 100 }, async (_, i) => {
          const response = await post(new Uint8Array(bodyOf(round * 100 + i)))
          await response.arrayBuffer()
          return response.status
        }),
      )
      for (const status of statuses) counts[status] = (counts[status] ?? 0) + 1
      if (round === 20) heapBefore = heapInUse()
    }
    expect(Object.keys(counts).filter((status) => !/^(200|4\d\d)$/.test(status))).toEqual([])
    expect(heapInUse() - heapBefore).toBeLessThan(20 * 2 ** 20)
  })

  it('random bytes in the place of a request, and of messages over WebSocket', async () => {
    for (let i = 0; i < 200; i++) await raw([randomBytes(1 + (i % 50) * 40), '\r\n\r\n'], 200)
    const random = uniform(3)
    for (let i = 0; i < 100; i++) {
      const socket = new WebSocket(server.url.replace('http', 'ws'), 'graphql-transport-ws')
      const closed = new Promise((resolve) => socket.on('close', resolve))
      socket.on('error', () => undefined)
      socket.on('open', () => {
        const messages = ['{}', '{"type":"subscribe"}', '{"type":"connection_init"}', 'null', '[]']
        socket.send(i % 2 === 0 ? randomBytes(30) : messages[Math.floor(random() * messages.length)])
        setTimeout(() => socket.terminate(), 100)
      })
      if (i % 20 === 19) await closed
    }
  })

  it('methods and addresses that there are not', async () => {
    for (const method of ['DELETE', 'PATCH', 'PROPFIND', 'TRACE', 'CONNECT']) {
      const answer = await raw(
        [`${method} /graphql HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`],
        1000,
      )
      expect(answer === '' || /^HTTP\/1\.1 4\d\d /.test(answer), `${method}: ${answer.slice(0, 50)}`).toBe(
        true,
      )
    }
    for (const path of ['/.env', '/.git/config', '/admin', '/server-status', '/atlas.zip', '/%00'])
      expect([400, 404]).toContain((await fetch(new URL(path, server.url))).status)
  })

  it('connections that open and go at once', async () => {
    for (let round = 0; round < 20; round++) {
      const sockets = Array.from({ length: 50 }, () => connectTcp(Number(origin.port), '127.0.0.1'))
      for (const socket of sockets)
        socket.on('error', () => undefined).on('connect', () => socket.resetAndDestroy())
      await sleep(5)
    }
  })
})
