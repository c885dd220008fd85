import { request } from 'node:http'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient } from 'graphql-ws'
import { pino } from 'pino'
import { connect, graphql } from 'polytope-atlas/client'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import WebSocket from 'ws'
import { createSchema } from '#atlas/src/graphql/index.js'
import { startServer, type HttpServer, type ServerOptions } from '#atlas/src/http/server.js'
import { createApiKey, listApiKeys, revokeApiKey } from '#atlas/src/store/apiKeys.js'
import { openDatabase, type Database } from '#atlas/src/store/database.js'
import { useDatabase } from '../support/database.ts'

const database = useDatabase()
const keys = { read: '', write: '', admin: '' }
const servers: HttpServer[] = []
let db: Database
let uploads: string

beforeAll(async () => {
  db = openDatabase(database.url)
  uploads = await mkdtemp(join(tmpdir(), 'atlas-access-'))
  keys.read = await createApiKey(db, 'reader', 'READ')
  keys.write = await createApiKey(db, 'writer', 'WRITE')
  keys.admin = await createApiKey(db, 'boss', 'ADMIN')
})

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close()
})

afterAll(async () => {
  await db.close()
  await rm(uploads, { recursive: true })
})

async function serve(options: Partial<ServerOptions> = {}): Promise<string> {
  const at = { port: 0, host: '127.0.0.1', uploads, access: 'keys' as const }
  const server = await startServer(db, { ...at, ...options }, pino({ level: 'silent' }))
  servers.push(server)
  return server.url
}

type Headers = Record<string, string>

async function ask(url: string, query: string, headers: Headers = {}) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
  })
  const { data, errors } = await response.json()
  return {
    status: response.status,
    data,
    code: errors?.[0].extensions.code,
    message: errors?.[0].message,
    headers: response.headers,
  }
}

const bearer = (key: string) => ({ authorization: `Bearer ${key}` })
const DELETE = 'mutation { deleteNetwork(name: "nothing") { name } }'
const CANCEL = 'mutation { cancelJob(id: "nothing") { job { id } } }'

describe('keys', () => {
  it('are stored as their hashes alone, under names of their own', async () => {
    const [row] = (await db.pool.query(`select * from api_key where name = 'reader'`)).rows
    expect(JSON.stringify(row)).not.toContain(keys.read.slice(6))
    expect((await listApiKeys(db)).map(({ name, scope }) => [name, scope])).toEqual([
      ['boss', 'ADMIN'],
      ['reader', 'READ'],
      ['writer', 'WRITE'],
    ])
    await expect(createApiKey(db, 'reader', 'ADMIN')).rejects.toMatchObject({ code: 'NAME_TAKEN' })
    await expect(createApiKey(db, 'a b', 'READ')).rejects.toMatchObject({ code: 'BAD_NAME' })
    await expect(revokeApiKey(db, 'nobody')).rejects.toMatchObject({ code: 'UNKNOWN_KEY' })
  })

  it('are needed where the server is not open, for everything but its health and pages', async () => {
    const url = await serve()
    const none = await ask(url, '{ __typename }')
    expect([none.status, none.code]).toEqual([401, 'KEY_NEEDED'])
    expect(none.headers.get('www-authenticate')).toContain('Bearer')
    const statuses: Record<string, number> = {}
    for (const path of ['/files', '/regions/a/0..0@b/00/affine-map.npy', '/metrics', '/session'])
      statuses[path] = (
        await fetch(new URL(path, url), path === '/files' ? { method: 'PUT', body: 'x' } : {})
      ).status
    expect(new Set(Object.values(statuses))).toEqual(new Set([401]))
    for (const path of ['/health', '/health/live', '/health/ready', '/', '/key'])
      expect((await fetch(new URL(path, url))).status).toBe(200)
  })

  it('go by either header; wrong ones are refused, also where reads are public', async () => {
    const url = await serve()
    expect((await ask(url, '{ __typename }', bearer(keys.read))).data).toEqual({ __typename: 'Query' })
    expect((await ask(url, '{ __typename }', { 'x-api-key': keys.read })).status).toBe(200)
    for (const access of ['keys', 'public-reads'] as const) {
      const wrong = await ask(await serve({ access }), '{ __typename }', bearer('atlas_wrong'))
      expect([wrong.status, wrong.code]).toEqual([401, 'UNKNOWN_KEY'])
    }
  })

  it('let read, write or delete', async () => {
    const url = await serve()
    const codes = async (query: string) =>
      Promise.all(
        [keys.read, keys.write, keys.admin].map(async (key) => (await ask(url, query, bearer(key))).code),
      )
    expect(await codes('{ __typename }')).toEqual([undefined, undefined, undefined])
    expect(await codes(CANCEL)).toEqual(['FORBIDDEN', 'BAD_ID', 'BAD_ID'])
    expect(await codes(DELETE)).toEqual(['FORBIDDEN', 'FORBIDDEN', 'UNKNOWN_NETWORK'])
    expect((await ask(url, DELETE, bearer(keys.write))).message).toBe(
      'deleteNetwork needs a key of scope admin; you may write. Ask whoever runs this atlas.',
    )
    const put = (key: string) =>
      fetch(new URL('/files', url), { method: 'PUT', body: 'bytes', headers: bearer(key) })
    expect([(await put(keys.read)).status, (await put(keys.write)).status]).toEqual([403, 201])
  })

  it('of readers are good for no mutation', () => {
    const mutations = Object.values(createSchema().getMutationType()?.getFields() ?? {})
    expect(mutations.length).toBeGreaterThan(15)
    for (const { name, resolve } of mutations)
      expect(
        () => Reflect.apply(resolve ?? (() => undefined), null, [{}, {}, { scope: 'READ' }]),
        name,
      ).toThrow(`${name} needs a key of scope`)
  })

  it('that are revoked are refused within seconds', async () => {
    const key = await createApiKey(db, 'brief', 'READ')
    const url = await serve()
    expect((await ask(url, '{ __typename }', bearer(key))).status).toBe(200)
    await revokeApiKey(db, 'brief')
    await expect
      .poll(async () => (await ask(url, '{ __typename }', bearer(key))).code, { timeout: 10_000 })
      .toBe('UNKNOWN_KEY')
  })

  it('are kept by /session in a cookie that scripts do not see, until it is given back', async () => {
    const url = await serve()
    const session = new URL('/session', url)
    const post = (key: unknown) =>
      fetch(session, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ key }),
      })
    expect((await post('atlas_wrong')).status).toBe(401)
    for (const nothing of [7, '', ' ', undefined]) expect((await post(nothing)).status).toBe(400)
    const kept = await post(` ${keys.write} `)
    expect(await kept.json()).toEqual({ key: 'writer', scope: 'WRITE' })
    const set = kept.headers.get('set-cookie') ?? ''
    expect(set).toMatch(/^atlas_key=[^;]+;.*HttpOnly; SameSite=Strict$/)
    const cookie = set.slice(0, set.indexOf(';'))
    expect((await ask(url, CANCEL, { cookie })).code).toBe('BAD_ID')
    expect(await (await fetch(session, { headers: { cookie } })).json()).toEqual({
      key: 'writer',
      scope: 'WRITE',
    })
    const gone = await fetch(session, { method: 'DELETE' })
    expect(gone.headers.get('set-cookie')).toMatch(/^atlas_key=;.*Expires=Thu, 01 Jan 1970/)
  })

  it('go with the typed client, over HTTP and WebSocket', async () => {
    const url = await serve()
    const named = graphql('query { networks(first: 1) { totalCount } }')
    const progress = graphql('subscription ($id: ID!) { jobProgress(id: $id) { id } }')
    const atlas = connect({ url, key: keys.read, webSocket: WebSocket })
    expect((await atlas.query(named)).networks.totalCount).toBeGreaterThanOrEqual(0)
    await expect(atlas.upload(new Uint8Array(3))).rejects.toMatchObject({ code: 'FORBIDDEN' })
    const events = atlas.subscribe(progress, { id: 'nothing' })
    await expect(events.next()).rejects.toMatchObject({ code: 'BAD_ID' })
    await atlas.close()
    const stranger = connect({ url, webSocket: WebSocket })
    await expect(stranger.query(named)).rejects.toMatchObject({ code: 'KEY_NEEDED' })
    await expect(stranger.upload(new Uint8Array(3))).rejects.toMatchObject({ code: 'KEY_NEEDED' })
    await stranger.close()
  })
})

describe('public reads', () => {
  it('need no key; writes do', async () => {
    const url = await serve({ access: 'public-reads' })
    expect((await ask(url, '{ __typename }')).status).toBe(200)
    expect((await ask(url, CANCEL)).code).toBe('FORBIDDEN')
    expect((await ask(url, CANCEL, bearer(keys.write))).code).toBe('BAD_ID')
    expect((await fetch(new URL('/files', url), { method: 'PUT', body: 'x' })).status).toBe(403)
  })

  it('keep no cookie without a key, with which nothing could be read any more', async () => {
    const url = await serve({ access: 'public-reads' })
    const headers = { 'content-type': 'application/json' }
    const none = await fetch(new URL('/session', url), { method: 'POST', headers, body: '{}' })
    expect([none.status, none.headers.get('set-cookie')]).toEqual([400, null])
  })
})

describe('limits of callers', () => {
  it('so many a minute of each key and route, told when to ask again', async () => {
    const url = await serve({ rateLimit: 5 })
    for (let i = 0; i < 5; i++) expect((await ask(url, '{ __typename }', bearer(keys.read))).status).toBe(200)
    const refused = await ask(url, '{ __typename }', bearer(keys.read))
    expect([refused.status, refused.code]).toEqual([429, 'RATE_LIMITED'])
    const wait = Number(refused.headers.get('retry-after'))
    expect(wait).toBeGreaterThanOrEqual(1)
    expect(wait).toBeLessThanOrEqual(60)
    expect(refused.message).toContain(`${wait} s`)
    // Another key and another route have their own.
    expect((await ask(url, '{ __typename }', bearer(keys.admin))).status).toBe(200)
    expect((await fetch(new URL('/metrics', url), { headers: bearer(keys.read) })).status).toBe(200)
  })

  it('wrong keys use up what their address may try', async () => {
    const url = await serve({ rateLimit: 300 })
    const codes = []
    for (let i = 0; i < 5; i++) codes.push((await ask(url, '{ __typename }', bearer(`atlas_${i}`))).code)
    expect(codes).toEqual(['UNKNOWN_KEY', 'UNKNOWN_KEY', 'UNKNOWN_KEY', 'RATE_LIMITED', 'RATE_LIMITED'])
  })

  it('also those that come by WebSocket', async () => {
    const url = await serve({ rateLimit: 200 })
    for (let i = 0; i < 2; i++) expect(await shake(url, {}, bearer(`atlas_${i}`))).toBe(4403)
    expect((await ask(url, '{ __typename }', bearer('atlas_2'))).code).toBe('RATE_LIMITED')
  })

  it('an address is the one that our own proxies saw', async () => {
    const codes = async (url: string, addresses: string[]) => {
      const found = []
      for (const forwarded of addresses)
        found.push((await ask(url, '{ __typename }', { 'x-forwarded-for': forwarded })).code)
      return found
    }
    const public1 = { access: 'public-reads' as const, rateLimit: 1 }
    // Without a proxy of ours the header is whatever the client writes.
    expect(await codes(await serve(public1), ['1.1.1.1', '2.2.2.2'])).toEqual([undefined, 'RATE_LIMITED'])
    const behind = await serve({ ...public1, proxies: 1 })
    expect(await codes(behind, ['1.1.1.1', '2.2.2.2', '9.9.9.9, 1.1.1.1'])).toEqual([
      undefined,
      undefined,
      'RATE_LIMITED',
    ])
  })

  it('so many at once', async () => {
    const url = await serve({ concurrency: 1 })
    // A request whose body does not come holds its place.
    const held = request(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-length': 100, ...bearer(keys.read) },
    })
    held.on('error', () => undefined)
    held.flushHeaders()
    await expect
      .poll(async () => (await ask(url, '{ __typename }', bearer(keys.read))).code)
      .toBe('TOO_MANY_AT_ONCE')
    held.destroy()
    await expect.poll(async () => (await ask(url, '{ __typename }', bearer(keys.read))).status).toBe(200)
  })

  it('hold over WebSocket as well', async () => {
    const url = await serve({ rateLimit: 2 })
    const client = createClient({
      url: url.replace('http', 'ws'),
      webSocketImpl: WebSocket,
      connectionParams: bearer(keys.read),
    })
    const once = async () => {
      for await (const { data, errors } of client.iterate({ query: '{ __typename }' }))
        return errors?.[0].extensions?.code ?? data
      throw new Error('There was no answer.')
    }
    const answers = []
    for (let i = 0; i < 3; i++)
      answers.push(
        await once().catch((errors: { extensions?: { code: string } }[]) => errors[0].extensions?.code),
      )
    expect(answers.slice(0, 2)).toEqual([{ __typename: 'Query' }, { __typename: 'Query' }])
    expect(answers[2]).toBe('RATE_LIMITED')
    await client.dispose()
  })
})

/** The status of a WebSocket's handshake, or the code with which it was closed after the first message. */
function shake(url: string, headers: Headers, params: object = {}): Promise<number> {
  return new Promise((resolve) => {
    const socket = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws', { headers })
    socket.on('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload: params })))
    socket.on('message', () => {
      socket.close()
      resolve(101)
    })
    socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0))
    socket.on('close', (code) => resolve(code))
    socket.on('error', () => undefined)
  })
}

/** The status of a request that names another host. */
function statusOf(url: string, headers: Headers): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sent = request(new URL('/health', url), { headers }, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
    sent.on('error', reject).end()
  })
}

describe('from where', () => {
  it('an open server answers this machine alone, by its names', async () => {
    const url = await serve({ access: 'open' })
    const { port } = new URL(url)
    expect(await statusOf(url, { host: `127.0.0.1:${port}` })).toBe(200)
    expect(await statusOf(url, { host: `atlas.localhost:${port}` })).toBe(200)
    expect(await statusOf(url, { host: `evil.example:${port}` })).toBe(421)
    expect(await shake(url, { host: `evil.example:${port}` })).toBe(401)
    expect(await statusOf(await serve(), { host: 'atlas.lab.example' })).toBe(200)
  })

  it('pages elsewhere may open no WebSocket, those here and listed ones may', async () => {
    const open = await serve({ access: 'open' })
    const { origin, host } = new URL(open)
    expect(await shake(open, { origin: 'https://evil.example' })).toBe(401)
    expect(await shake(open, { origin })).toBe(101)
    expect(await shake(open, { origin: 'http://localhost:5173' })).toBe(101)
    expect(await shake(open, {})).toBe(101)
    const keyed = await serve({ corsOrigins: ['https://lab.example'] })
    expect(host).not.toBe(new URL(keyed).host)
    const params = bearer(keys.read)
    expect(await shake(keyed, { origin: 'http://localhost:5173' }, params)).toBe(401)
    expect(await shake(keyed, { origin: 'https://lab.example' }, params)).toBe(101)
    expect(await shake(keyed, {}, params)).toBe(101)
    expect(await shake(keyed, { cookie: `atlas_key=${keys.read}` })).toBe(101)
    expect(await shake(keyed, {})).toBe(4403)
    expect(await shake(keyed, {}, { 'X-Api-Key': 'atlas_wrong' })).toBe(4403)
  })

  it('browsers are told which origins may read answers', async () => {
    const allowed = async (url: string, origin: string) => {
      const response = await fetch(url, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST' },
      })
      return response.headers.get('access-control-allow-origin')
    }
    expect(await allowed(await serve(), 'https://lab.example')).toBeNull()
    const listed = await serve({ corsOrigins: ['https://lab.example', 'https://other.example'] })
    expect(await allowed(listed, 'https://lab.example')).toBe('https://lab.example')
    expect(await allowed(listed, 'https://evil.example')).toBeNull()
    expect(await allowed(await serve({ corsOrigins: ['*'] }), 'https://any.example')).toBe('*')
  })

  it('a form of another site can ask nothing', async () => {
    const url = await serve({ access: 'open' })
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])
      expect(
        (
          await fetch(url, {
            method: 'POST',
            headers: { 'content-type': type },
            body: '{"query":"{__typename}"}',
          })
        ).status,
        type,
      ).toBe(400)
    // A GET could be an image's address.
    expect((await fetch(`${url}?query={__typename}`)).status).toBe(400)
    const meant = await fetch(`${url}?query={__typename}`, { headers: { 'apollo-require-preflight': '1' } })
    expect(await meant.json()).toEqual({ data: { __typename: 'Query' } })
  })
})

describe('introspection', () => {
  it('is answered unless the setting says otherwise', async () => {
    const schema = '{ __schema { queryType { name } } }'
    expect((await ask(await serve(), schema, bearer(keys.read))).status).toBe(200)
    const closed = await serve({ introspection: false })
    expect((await ask(closed, schema, bearer(keys.read))).code).toBe('GRAPHQL_VALIDATION_FAILED')
    expect((await ask(closed, '{ __typename }', bearer(keys.read))).status).toBe(200)
  })
})
