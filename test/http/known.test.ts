// Documents that come again, which Apollo does not see a second time, and how answers are packed.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { encodingOf } from '#atlas/src/http/api/pack.js'
import { startServer, type HttpServer } from '#atlas/src/http/server.js'
import { useAtlas } from '../graphql/support/atlas.ts'

const atlas = useAtlas({ partitions: ['mlp-a/0..1@points'] })
let folder: string
let server: HttpServer

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atlas-known-'))
  const options = { port: 0, host: '127.0.0.1', uploads: folder }
  server = await startServer(atlas.db, options, pino({ level: 'silent' }))
})

afterAll(async () => {
  await server.close()
  await rm(folder, { recursive: true })
})

it.each([
  ['data', { query: '{ networks(first: 1) { totalCount nodes { name } } }' }],
  [
    // Not stored, so that they are searched: Apollo hands on a copy of the context, which must be whole.
    'neighbours that are searched',
    {
      query: `{ partition(path: "mlp-a/0..1@points") { regions(first: 3) { nodes {
        neighbors(first: 2) { totalCount edges { distance node { path } } } } } } }`,
    },
  ],
  ['an error in a part', { query: '{ a: networks(first: 501) { nodes { name } } b: __typename }' }],
  [
    'variables that do not fit',
    { query: 'query ($first: Int) { networks(first: $first) { totalCount } }', variables: { first: 'x' } },
  ],
  ['an operation that is not there', { query: 'query A { __typename }', operationName: 'B' }],
  [
    'too much',
    {
      query: `{ networks(first: 500) { nodes { partitions(first: 500) { nodes { regions(first: 500) { nodes { index } } } } } } }`,
    },
  ],
])('a document that comes again is answered as the first time: %s', async (_what, body) => {
  for (const accept of ['application/json', 'application/graphql-response+json', '*/*', 'image/png']) {
    const told = async () => {
      const { headers, ...answer } = await ask(body, accept)
      return { ...answer, type: headers.get('content-type') }
    }
    const first = await told()
    expect(await told()).toEqual(first)
    expect(await told()).toEqual(first)
  }
})

it.each([
  ['gzip, deflate, br', 'br'],
  ['gzip', 'gzip'],
  ['br;q=0.5, gzip;q=0.8', 'gzip'],
  ['br;q=0, *', 'gzip'],
  ['identity', null],
  ['gzip;q=0', null],
  ['', null],
])('packs for "%s" by %s', (header, encoding) => {
  expect(encodingOf(header)).toBe(encoding)
})

it('counts the cost of a document that comes again by its variables', async () => {
  const query = `query ($first: Int) { networks(first: $first) { nodes { partitions(first: 500) { nodes {
    regions(first: 500) { nodes { index } } } } } } }`
  const codes = []
  for (const first of [1, 1, 10, 1]) {
    const { text } = await ask({ query, variables: { first } }, '*/*')
    codes.push(JSON.parse(text).errors?.[0].extensions.code ?? 'answered')
  }
  expect(codes).toEqual(['answered', 'answered', 'TOO_COSTLY', 'answered'])
})

async function ask(body: object, accept: string) {
  const headers = { 'content-type': 'application/json', accept }
  const response = await fetch(server.url, { method: 'POST', headers, body: JSON.stringify(body) })
  return { status: response.status, headers: response.headers, text: await response.text() }
}
