import { afterAll, beforeAll, expect, it } from 'vitest'
import { importNetwork } from '#atlas/src/jobs/commands/importNetwork.js'
import { requestEnumeration } from '#atlas/src/jobs/commands/requestEnumeration.js'
import { prepareQueue } from '#atlas/src/jobs/queue.js'
import { openDatabase, raw, type Database } from '#atlas/src/store/database.js'
import { storeBytes } from '../support/atlas.ts'
import { useDatabase } from '../support/database.ts'
import { fingerprint } from '../support/fingerprint.ts'
import { expectKillsLeaveNoTrace, undisturbed } from '../support/kills.ts'
import { succeeded } from '../support/jobs.ts'
import { buildMlp } from '../support/onnx.ts'

const KILLS = process.env.ATLAS_TEST === 'long' ? 10 : 1

/** Everything an enumeration writes, without ids. */
const ROWS = {
  complex: 'select region_count, frontier_count, undecided_count from complex',
  complex_region: `select index, code_hash, bit_count, complete, md5(center), inradius, degree, sources, neighbors,
    distances, md5(map), md5(singular_values) from complex_region order by index`,
  complex_frontier: 'select index, md5(bits), md5(point) from complex_frontier order by index',
  code: 'select hash, bit_count, bits from code order by hash',
}

const database = useDatabase()
let db: Database

beforeAll(async () => {
  db = openDatabase(database.url)
  await prepareQueue(db)
  const file = await storeBytes(db, buildMlp({ sizes: [4, 24, 24, 2], seed: 2 }))
  await importNetwork(db, { name: 'deep', file, description: '', tags: [] })
})

afterAll(() => db.close())

async function enumerate(): Promise<void> {
  const request = { network: 'deep', toLayer: null, lower: [-1], upper: [1], limit: 4000 }
  await succeeded(db, (await requestEnumeration(db, request)).jobId)
}

async function clear(): Promise<void> {
  for (const table of ['complex', 'code', 'job']) await db.query(raw(`delete from ${table}`))
}

it(`ends with the rows of an undisturbed enumeration, whenever the worker is killed (${KILLS} times)`, async () => {
  const killed = { work: enumerate, read: () => fingerprint(db, ROWS), clear }
  const expected = await undisturbed(database.url, killed)
  expect(expected.rows.complex_region).toMatch(/^4000 /)
  expect(expected.rows.complex_frontier).not.toMatch(/^0 /)
  await clear()
  await expectKillsLeaveNoTrace(database.url, KILLS, expected, killed)
}, 120_000)
