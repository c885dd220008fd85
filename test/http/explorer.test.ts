import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startServer, type HttpServer } from '#atlas/src/http/server.js'
import { openDatabase, type Database } from '#atlas/src/store/database.js'
import { useDatabase } from '../support/database.ts'

const database = useDatabase()
let db: Database
let server: HttpServer
let origin: string

beforeAll(async () => {
  db = openDatabase(database.url)
  const options = { port: 0, host: '127.0.0.1', uploads: join(tmpdir(), 'atlas-unused') }
  server = await startServer(db, options, pino({ level: 'silent' }))
  origin = new URL(server.url).origin
})

afterAll(async () => {
  await server.close()
  await db.close()
})

it.each(['/', '/atlas/mnist-a/0..2@mnist', '/segment?network=mnist-a', '/slice', '/compare', '/query'])(
  'the page %s is the explorer, asked for each time, and may load from here alone',
  async (path) => {
    const response = await fetch(origin + path)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toContain('text/html')
    expect(response.headers.get('cache-control')).toBe('no-cache')
    expect(response.headers.get('content-security-policy')).toContain("default-src 'self'")
    expect(await response.text()).toContain('<div id="root">')
  },
)

it('its scripts never change, and need not be asked for twice', async () => {
  const page = await (await fetch(origin)).text()
  const [, script] = /src="(\/assets\/[^"]+\.js)"/.exec(page) ?? []
  const response = await fetch(origin + script)
  expect(response.headers.get('content-type')).toContain('javascript')
  expect(response.headers.get('cache-control')).toContain('immutable')
})

it.each(['/assets/none.js', '/assets/', '/assets/..%2f..%2fpackage.json', '/elsewhere', '/atlas'])(
  'there is nothing at %s',
  async (path) => expect((await fetch(origin + path)).status).toBe(404),
)

it('GraphiQL takes a query from its address, which a program may ask by GET', async () => {
  const url = `${server.url}?query=${encodeURIComponent('{ __typename }')}`
  const page = await fetch(url, { headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' } })
  expect(page.headers.get('content-type')).toContain('text/html')
  const answer = await fetch(url, { headers: { 'apollo-require-preflight': 'yes' } })
  expect(await answer.json()).toEqual({ data: { __typename: 'Query' } })
})
