import { afterAll, beforeAll, expect, it } from 'vitest'
import { cancelJob } from '#atlas/src/jobs/commands/cancelJob.js'
import { requestClustering } from '#atlas/src/jobs/commands/requestClustering.js'
import { prepareQueue } from '#atlas/src/jobs/queue.js'
import { openDatabase, raw, sql, type Database } from '#atlas/src/store/database.js'
import { addDataset, addNetwork, addPartition } from '../support/atlas.ts'
import { useDatabase } from '../support/database.ts'
import { finalJob, succeeded } from '../support/jobs.ts'
import { expectKillsLeaveNoTrace, undisturbed } from '../support/kills.ts'
import { buildMlp, uniform } from '../support/onnx.ts'
import { forkWorker, killProcess } from '../support/workerProcess.ts'

const KILLS = process.env.ATLAS_TEST === 'long' ? 10 : 1
const INPUTS = 6_000

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

const request = () =>
  requestClustering(db, partitionId, { metric: 'HAMMING', minClusterSize: 3, minSamples: 3 })

/** All that is stored, without ids and times. */
const read = async () => ({
  clusterings: await db.query(
    raw(`select cluster_count, noise_region_count, noise_member_count, label_entropy, baseline_label_entropy
      from clustering where computed_at is not null`),
  ),
  clusters: await db.query(raw(`select to_jsonb(c) - 'clustering_id' as row from cluster c order by index`)),
  regions: await db.query(
    raw(`select region, cluster, probability, outlier_score from region_cluster order by region`),
  ),
  nodes: await db.query(
    raw(`select to_jsonb(n) - 'clustering_id' as row from condensed_node n order by index`),
  ),
})

const work = {
  work: async () => succeeded(db, (await request()).jobId),
  read,
  clear: async () => {
    await db.query(raw('delete from clustering'))
    await db.query(raw(`delete from job where kind = 'cluster'`))
  },
}

it(`ends with the same rows, whenever its worker is killed (${KILLS} times), and is asked for once`, async () => {
  const expected = await undisturbed(database.url, work)
  expect(expected.rows.regions.length).toBeGreaterThan(INPUTS / 2)
  expect(expected.rows.clusters.length).toBeGreaterThan(1)
  await work.clear()
  await expectKillsLeaveNoTrace(database.url, KILLS, expected, work)
})

it('stops when it is cancelled while it runs, and leaves nothing', async () => {
  const { jobId } = await request()
  const worker = forkWorker(database.url)
  // The job waits for the codes until it is cancelled, so that it is not done before.
  await db.transaction(async (tx) => {
    await tx.query(raw('lock table region in access exclusive mode'))
    const running = () => db.query(sql`select from job where id = ${jobId}::uuid and state = 'RUNNING'`)
    await expect.poll(async () => (await running()).length, { timeout: 20_000, interval: 20 }).toBe(1)
    await cancelJob(db, jobId ?? '')
  })
  expect(await finalJob(db, jobId ?? '')).toMatchObject({ state: 'CANCELLED' })
  await killProcess(worker, 'SIGTERM')
  expect(await read()).toEqual({ clusterings: [], clusters: [], regions: [], nodes: [] })
  await work.clear()
})

it('leaves nothing when it is cancelled, and begins anew when asked again', async () => {
  const [a, b] = await Promise.all([request(), request()])
  expect(a).toEqual(b)
  await cancelJob(db, a.jobId ?? '')
  expect(await finalJob(db, a.jobId ?? '')).toMatchObject({ state: 'CANCELLED' })
  expect((await read()).regions).toEqual([])
  const again = await request()
  expect(again.clusteringId).toBe(a.clusteringId)
  expect(again.jobId).not.toBe(a.jobId)
  const worker = forkWorker(database.url)
  await succeeded(db, again.jobId)
  await killProcess(worker, 'SIGTERM')
  expect(await request()).toEqual({ clusteringId: a.clusteringId, jobId: null })
})
