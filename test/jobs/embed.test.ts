import { afterAll, beforeAll, expect, it } from 'vitest'
import { cancelJob } from '#atlas/src/jobs/commands/cancelJob.js'
import { requestEmbedding } from '#atlas/src/jobs/commands/requestEmbedding.js'
import { prepareQueue } from '#atlas/src/jobs/queue.js'
import { openDatabase, raw, sql, type Database } from '#atlas/src/store/database.js'
import { addDataset, addNetwork, addPartition } from '../support/atlas.ts'
import { useDatabase } from '../support/database.ts'
import { finalJob, succeeded } from '../support/jobs.ts'
import { expectKillsLeaveNoTrace, undisturbed } from '../support/kills.ts'
import { buildMlp, uniform } from '../support/onnx.ts'
import { forkWorker, killProcess } from '../support/workerProcess.ts'

const KILLS = process.env.ATLAS_TEST === 'long' ? 10 : 1
const INPUTS = 3_000

const database = useDatabase()
let db: Database
let partitionId = 0

beforeAll(async () => {
  db = openDatabase(database.url)
  await prepareQueue(db)
  await addDataset(db, 'points', Float32Array.from({ length: INPUTS * 8 }, uniform(3)), 8)
  await addNetwork(db, 'net', buildMlp({ sizes: [8, 120, 80, 3], seed: 5 }))
  const partition = await addPartition(db, 'net/0..1@points')
  partitionId = partition.partitionId
  const worker = forkWorker(database.url)
  await succeeded(db, partition.jobId)
  await killProcess(worker, 'SIGTERM')
})

afterAll(() => db.close())

const request = () => requestEmbedding(db, partitionId, { neighbors: 10, seed: 1 })

/** All that is stored, without ids and times. */
const read = () =>
  db.query<{ positions: Buffer }>(
    raw('select neighbors, seed, positions from embedding where computed_at is not null'),
  )

const work = {
  work: async () => succeeded(db, (await request()).jobId),
  read,
  clear: async () => {
    await db.query(raw('delete from embedding'))
    await db.query(raw(`delete from job where kind = 'embed'`))
  },
}

it(`ends with the same positions, whenever its worker is killed (${KILLS} times)`, async () => {
  const expected = await undisturbed(database.url, work)
  expect(expected.rows).toHaveLength(1)
  expect(expected.rows[0].positions.length).toBeGreaterThan((8 * INPUTS) / 2)
  await work.clear()
  await expectKillsLeaveNoTrace(database.url, KILLS, expected, work)
})

it('stops when it is cancelled while it runs, leaves nothing, and begins anew when asked again', async () => {
  const [first, same] = await Promise.all([request(), request()])
  expect(same).toEqual(first)
  const jobId = first.jobId ?? ''
  const worker = forkWorker(database.url)
  // The job waits for the codes until it is cancelled, so that it is not done before.
  await db.transaction(async (tx) => {
    await tx.query(raw('lock table region in access exclusive mode'))
    const running = () => db.query(sql`select from job where id = ${jobId}::uuid and state = 'RUNNING'`)
    await expect.poll(async () => (await running()).length, { timeout: 20_000, interval: 20 }).toBe(1)
    await cancelJob(db, jobId)
  })
  expect(await finalJob(db, jobId)).toMatchObject({ state: 'CANCELLED' })
  expect(await read()).toEqual([])
  const again = await request()
  expect(again.embeddingId).toBe(first.embeddingId)
  expect(again.jobId).not.toBe(jobId)
  await succeeded(db, again.jobId)
  await killProcess(worker, 'SIGTERM')
  expect(await request()).toEqual({ embeddingId: first.embeddingId, jobId: null })
})
