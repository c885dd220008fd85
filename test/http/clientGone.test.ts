import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { setTimeout } from 'node:timers/promises'
import { pino } from 'pino'
import { expect, it } from 'vitest'
import { startServer } from '#atlas/src/http/server.js'
import { openDatabase } from '#atlas/src/store/database.js'
import { addNetwork } from '../support/atlas.ts'
import { useDatabase } from '../support/database.ts'
import { buildMlp, uniform } from '../support/onnx.ts'

const database = useDatabase()

it('a client that goes stops its work; the server goes on and logs no error', async () => {
  const db = openDatabase(database.url)
  await addNetwork(db, 'wide', buildMlp({ sizes: [20, 150, 150, 150, 4], seed: 3 }))
  const logged: string[] = []
  const log = pino(
    { level: 'error' },
    new Writable({ write: (line: Buffer, _encoding, done) => done(void logged.push(String(line))) }),
  )
  const server = await startServer(
    db,
    { port: 0, host: '127.0.0.1', uploads: join(tmpdir(), 'atlas-unused') },
    log,
  )
  const random = uniform(8)
  const values = () => Array.from({ length: 20 }, () => 8 * (random() - 0.5))
  const variables = { origin: { values: values() }, u: { values: values() }, v: { values: values() } }
  const query = `query ($origin: PointInput!, $u: PointInput!, $v: PointInput!) {
    slice(network: "wide", origin: $origin, u: $u, v: $v, maxRegions: 20000) { regionCount } }`
  const ask = (signal: AbortSignal | null) =>
    fetch(server.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
      signal,
    })
  await ask(null)
  const began = performance.now()
  const first = await (await ask(null)).json()
  const taken = performance.now() - began
  for (let round = 0; round < 6; round++) {
    const client = new AbortController()
    const asked = ask(client.signal).catch((error: unknown) => error)
    // Before half of the time is over that an answer takes.
    await setTimeout((round / 12) * taken)
    client.abort()
    expect(await asked).toMatchObject({ name: 'AbortError' })
  }
  expect(await (await ask(null)).json()).toEqual(first)
  await server.close()
  await db.close()
  expect(logged).toEqual([])
})
