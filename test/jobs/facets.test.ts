import { availableParallelism } from 'node:os'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { cancelJob } from '#atlas/src/jobs/commands/cancelJob.js'
import { requestFacets } from '#atlas/src/jobs/commands/requestFacets.js'
import { prepareQueue } from '#atlas/src/jobs/queue.js'
import { openDatabase, raw, type Database } from '#atlas/src/store/database.js'
import { addDataset, addNetwork, addPartition } from '../support/atlas.ts'
import { useDatabase } from '../support/database.ts'
import { finalJob, succeeded } from '../support/jobs.ts'
import { buildMlp, uniform } from '../support/onnx.ts'
import { forkWorker, killProcess } from '../support/workerProcess.ts'

const AXES = 30

/** Regions of some 100 facets each, 35 a thread: on any machine a second or more of work. */
const REGIONS = 35 * availableParallelism()

const database = useDatabase()
let db: Database
let partitionId = 0

beforeAll(async () => {
  db = openDatabase(database.url)
  await prepareQueue(db)
  const random = uniform(3)
  await addDataset(db, 'points', Float32Array.from({ length: REGIONS * AXES }, random), AXES)
  await addNetwork(db, 'net', buildMlp({ sizes: [AXES, 120, 80, 3], seed: 5 }))
  const partition = await addPartition(db, 'net/0..1@points')
  partitionId = partition.partitionId
  const worker = forkWorker(database.url)
  await succeeded(db, partition.jobId)
  await killProcess(worker, 'SIGTERM')
})

afterAll(() => db.close())

const request = () => requestFacets(db, { partitionId, region: null, limit: null, box: null })

const polytopes = async () => (await db.query(raw('select from region_polytope'))).length

/** Resolves when some polytopes are there, but not all. */
async function midway(): Promise<void> {
  await expect.poll(polytopes, { timeout: 30_000, interval: 5 }).toBeGreaterThan(5)
  expect(await polytopes()).toBeLessThan(REGIONS)
}

/** All that is stored, without times. */
const rows = async () => ({
  polytopes: await db.query(
    raw(
      `select region, facet_count, box_facet_count, center, inradius, complete from region_polytope order by region`,
    ),
  ),
  facets: await db.query(raw('select * from region_facet order by region, rank')),
  codes: await db.query(raw('select * from code order by hash')),
})

/** Facets of regions without a polytope, and polytopes that do not have all of their facets. */
const halves = async () =>
  db.query(
    raw(`select region from region_facet f where not exists (select from region_polytope p where p.region = f.region)
      union all select region from region_polytope p
        where facet_count <> (select count(*) from region_facet f where f.region = p.region)`),
  )

it('stops when cancelled with whole regions, and goes on with the others when asked again', async () => {
  const worker = forkWorker(database.url)
  const id = await request()
  await midway()
  await cancelJob(db, id)
  const job = await finalJob(db, id)
  expect(job).toMatchObject({ state: 'CANCELLED', total: REGIONS })
  const left = await polytopes()
  expect(left).toBeLessThan(REGIONS)
  expect(left).toBeGreaterThanOrEqual(job.done)
  expect(await halves()).toEqual([])
  await succeeded(db, await request())
  await killProcess(worker, 'SIGTERM')
  expect(await polytopes()).toBe(REGIONS)
  expect(await halves()).toEqual([])
})

it('ends with the same rows where a worker is killed', async () => {
  const expected = await rows()
  expect(expected.facets.length).toBeGreaterThan(20 * REGIONS)
  await db.query(raw('delete from region_facet'))
  await db.query(raw('delete from region_polytope'))
  const first = forkWorker(database.url)
  const id = await request()
  await midway()
  await killProcess(first, 'SIGKILL')
  expect(await halves()).toEqual([])
  const second = forkWorker(database.url)
  await succeeded(db, id)
  await killProcess(second, 'SIGTERM')
  expect(await rows()).toEqual(expected)
})
