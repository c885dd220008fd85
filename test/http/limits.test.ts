import { readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient } from 'graphql-ws'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import WebSocket from 'ws'
import { z } from 'zod'
import { getIntrospectionQuery } from 'graphql'
import { startServer, type HttpServer } from '#atlas/src/http/server.js'
import { openDatabase, type Database } from '#atlas/src/store/database.js'
import { useDatabase } from '../support/database.ts'

const database = useDatabase()
let db: Database
let server: HttpServer

beforeAll(async () => {
  db = openDatabase(database.url)
  const options = { port: 0, host: '127.0.0.1', uploads: join(tmpdir(), 'atlas-unused') }
  server = await startServer(db, options, pino({ level: 'silent' }))
})

afterAll(async () => {
  await server.close()
  await db.close()
})

const answer = z.object({
  errors: z
    .array(z.object({ message: z.string(), extensions: z.looseObject({ code: z.string() }) }))
    .optional(),
})

async function ask(query: string, variables: object = {}) {
  const response = await fetch(server.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  })
  const { errors = [] } = answer.parse(await response.json())
  return {
    status: response.status,
    errors,
    codes: [...new Set(errors.map(({ extensions }) => extensions.code))],
  }
}

/** `count` levels of networks in partitions of networks … */
function nested(count: number): string {
  return count === 0 ? 'id' : `partitions(first: 1) { nodes { network { ${nested(count - 1)} } } }`
}

const aliases = (count: number) => Array.from({ length: count }, (_, i) => `a${i}: __typename`).join(' ')

describe('a query', () => {
  it('may be as deep as introspection, and no deeper than 20 levels', async () => {
    expect((await ask(getIntrospectionQuery())).codes).toEqual([])
    expect((await ask(`{ network(name: "x") { ${nested(6)} } }`)).codes).toEqual([])
    const { status, codes, errors } = await ask(`{ network(name: "x") { ${nested(7)} } }`)
    expect([status, codes]).toEqual([400, ['QUERY_TOO_DEEP']])
    expect(errors[0].message).toBe(
      'The operation has 23 levels, fragments written out; at most 20 are answered. Ask for the inner levels in a query of their own.',
    )
  })

  it('may have a hundred aliases, those of __typename among them, also where fragments multiply them', async () => {
    expect((await ask(`{ ${aliases(100)} }`)).codes).toEqual([])
    expect((await ask(`{ ${aliases(101)} }`)).codes).toEqual(['TOO_MANY_ALIASES'])
    const spread = `fragment F on Query { ${aliases(30)} } { ...F ... { ...F } ... { ...F } ... { ...F } }`
    expect((await ask(spread)).codes).toEqual(['TOO_MANY_ALIASES'])
  })

  it('may not spread fragments exponentially, nor in a circle', async () => {
    const fragments = Array.from({ length: 60 }, (_, i) =>
      i === 59
        ? `fragment F59 on Query { a: __typename }`
        : `fragment F${i} on Query { ...F${i + 1} ... { ...F${i + 1} } }`,
    )
    expect((await ask(`${fragments.join(' ')} { ...F0 }`)).codes).toEqual(['TOO_MANY_ALIASES'])
    expect((await ask('fragment F on Query { ...F } { ...F }')).codes).toEqual(['GRAPHQL_VALIDATION_FAILED'])
  })

  it('may have fifty directives, known or not', async () => {
    const known = (count: number) =>
      `{ __typename ${'@skip(if: false) '.repeat(1)} ${'a: __typename @include(if: true) '.repeat(count)} }`
    expect((await ask(known(40))).codes).toEqual([])
    expect((await ask(known(51))).codes).toEqual(['TOO_MANY_DIRECTIVES'])
    const unknown = await ask(`{ __typename ${'@nothing '.repeat(2000)} }`)
    expect(unknown.codes).toContain('TOO_MANY_DIRECTIVES')
    // GraphQL gives up after a hundred errors.
    expect(unknown.errors.length).toBeLessThan(110)
  })

  it('may have 5,000 tokens', async () => {
    const { status, codes, errors } = await ask(`{ ${'__typename '.repeat(5000)} }`)
    expect([status, codes]).toEqual([400, ['QUERY_TOO_LONG']])
    expect(errors[0].message).toContain('Ask in several requests.')
  })

  it('may not cost too much, by the numbers that its variables ask for', async () => {
    const query = `query ($n: Int = 500) { partitions(first: $n) { nodes { regions(first: $n) { nodes { members(first: $n) { totalCount } } } } } }`
    expect((await ask(query, { n: 20 })).codes).toEqual([])
    for (const variables of [{}, { n: 500 }]) {
      const { status, codes, errors } = await ask(query, variables)
      expect([status, codes]).toEqual([400, ['TOO_COSTLY']])
      expect(errors[0].message).toContain('at most 1000000')
    }
    const slice = (i: number) =>
      `s${i}: slice(network: "x", origin: {values: []}, u: {values: []}, v: {values: []}) { regionCount }`
    const slices = (count: number) => `{ ${Array.from({ length: count }, (_, i) => slice(i)).join(' ')} }`
    expect((await ask(slices(15))).codes).toEqual(['UNKNOWN_NETWORK'])
    expect((await ask(slices(25))).codes).toEqual(['TOO_COSTLY'])
  })

  it('is not answered in batches', async () => {
    const response = await fetch(server.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify([{ query: '{ __typename }' }, { query: '{ __typename }' }]),
    })
    expect(response.status).toBe(400)
  })

  it('that is wrong is told so without where the server stands', async () => {
    const { errors } = await ask('{ nothing }')
    expect(errors[0].extensions).toEqual({ code: 'GRAPHQL_VALIDATION_FAILED' })
  })
})

it.each([
  ['QUERY_TOO_DEEP', `{ network(name: "x") { ${nested(7)} } }`],
  ['TOO_MANY_ALIASES', `{ ${aliases(101)} }`],
  ['QUERY_TOO_LONG', `{ ${'__typename '.repeat(5000)} }`],
  [
    'TOO_COSTLY',
    '{ partitions(first: 500) { nodes { regions(first: 500) { nodes { members(first: 500) { totalCount } } } } } }',
  ],
])('over a WebSocket %s is refused as well', async (code, query) => {
  const client = createClient({ url: server.url.replace('http', 'ws'), webSocketImpl: WebSocket })
  const refused = await new Promise((resolve) => {
    client.subscribe({ query }, { next: resolve, error: resolve, complete: () => resolve('complete') })
  })
  await client.dispose()
  expect(refused).toMatchObject([{ extensions: { code } }])
})

const folder = join(import.meta.dirname, '..', '..', 'examples', 'queries')

it.each(readdirSync(folder))('the worked query %s keeps all limits', async (name) => {
  const { codes } = await ask(readFileSync(join(folder, name), 'utf8'))
  const limits = ['QUERY_TOO_DEEP', 'TOO_MANY_ALIASES', 'TOO_MANY_DIRECTIVES', 'QUERY_TOO_LONG', 'TOO_COSTLY']
  expect(codes.filter((code) => limits.includes(code))).toEqual([])
})
