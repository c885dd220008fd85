import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { ChildProcess } from 'node:child_process'
import { cancelJob } from '#atlas/src/jobs/commands/cancelJob.js'
import { requestDatasetImport } from '#atlas/src/jobs/commands/requestDatasetImport.js'
import { prepareQueue } from '#atlas/src/jobs/queue.js'
import { openDatabase, raw, type Database } from '#atlas/src/store/database.js'
import { deleteDataset, deleteNetwork } from '#atlas/src/store/deleteEntity.js'
import { addDataset, addNetwork, addPartition, storeBytes } from '../support/atlas.ts'
import { useDatabase } from '../support/database.ts'
import { finalJob, succeeded } from '../support/jobs.ts'
import { buildMlp, uniform } from '../support/onnx.ts'
import { forkWorker, killProcess } from '../support/workerProcess.ts'

const INPUTS = 200_000

const database = useDatabase()
let db: Database
const workers: ChildProcess[] = []

beforeAll(async () => {
  db = openDatabase(database.url)
  await prepareQueue(db)
  const random = uniform(3)
  await addDataset(db, 'points', Float32Array.from({ length: INPUTS * 4 }, random), 4)
  await addNetwork(db, 'net', buildMlp({ sizes: [4, 64, 64, 3], seed: 5 }))
})

afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => killProcess(worker, 'SIGTERM')))
})

afterAll(() => db.close())

function work(): ChildProcess {
  const worker = forkWorker(database.url)
  workers.push(worker)
  return worker
}

/** Resolves when the job has begun. */
const begun = (id: string) =>
  expect
    .poll(() => db.prisma.job.findUniqueOrThrow({ where: { id } }), { timeout: 20_000, interval: 10 })
    .toMatchObject({ state: 'RUNNING' })

async function jobOf(path: string): Promise<string> {
  const { jobId } = await addPartition(db, path)
  if (jobId === null) throw new Error(`${path} is computed already`)
  return jobId
}

describe('the queue', () => {
  it('gives the job of a killed worker to one that is waiting, within a minute', async () => {
    const first = work()
    const id = await jobOf('net/0..1@points')
    await begun(id)
    work()
    await killProcess(first, 'SIGKILL')
    const killedAt = performance.now()
    await succeeded(db, id)
    expect(performance.now() - killedAt).toBeLessThan(60_000)
  }, 90_000)

  it('makes one partition and one job of the same request made many times at once', async () => {
    const requests = await Promise.all(Array.from({ length: 8 }, () => addPartition(db, 'net/0..0@points')))
    expect(new Set(requests.map((request) => request.partitionId)).size).toBe(1)
    expect(new Set(requests.map((request) => request.jobId)).size).toBe(1)
    await cancelJob(db, requests[0].jobId ?? '')
  })

  it('cancels a queued job at once and begins anew when asked again', async () => {
    const id = await jobOf('net/1..1@points')
    await cancelJob(db, id)
    expect(await finalJob(db, id)).toMatchObject({ state: 'CANCELLED' })
    await expect(cancelJob(db, id)).rejects.toMatchObject({ code: 'JOB_FINISHED' })
    const again = await jobOf('net/1..1@points')
    expect(again).not.toBe(id)
    work()
    await succeeded(db, again)
  })

  it('stops a running job that is cancelled, and leaves no half partition', async () => {
    await addNetwork(db, 'deep', buildMlp({ sizes: [4, 256, 256, 256, 3], seed: 6 }))
    work()
    const id = await jobOf('deep/0..2@points')
    await begun(id)
    await cancelJob(db, id)
    expect(await finalJob(db, id)).toMatchObject({ state: 'CANCELLED' })
    const rows = await db.query(
      raw(`select from region r join partition t on t.id = r.partition_id join network n on n.id = t.network_id
           where n.name = 'deep'`),
    )
    expect(rows.length).toBe(0)
  })

  it('refuses to delete what a job uses, and deletes everything of it afterwards', async () => {
    await addNetwork(db, 'gone', buildMlp({ sizes: [4, 8, 3], seed: 9 }))
    const id = await jobOf('gone/0..0@points')
    await expect(deleteNetwork(db, 'gone')).rejects.toMatchObject({ code: 'IN_USE' })
    await expect(deleteDataset(db, 'points')).rejects.toMatchObject({ code: 'IN_USE' })
    work()
    await succeeded(db, id)
    await deleteNetwork(db, 'gone')
    const left = raw(`select from partition t where t.id not in (select partition_id from region)
      and computed_at is not null
      union all select from code c where not exists
        (select from region r where r.code_hash = c.hash and r.bit_count = c.bit_count)
      union all select from membership m where not exists (select from partition t where t.id = m.partition_id)`)
    expect(await db.query(left)).toEqual([])
    await expect(deleteNetwork(db, 'gone')).rejects.toMatchObject({ code: 'UNKNOWN_NETWORK' })
  })

  it('keeps the reason of a failure, and nothing of a dataset that is broken at its end', async () => {
    work()
    const csv = `${'1,2,3,4\n'.repeat(200_000)}1,2,nan,4\n`
    const file = await storeBytes(db, Buffer.from(csv))
    const request = {
      name: 'broken',
      file,
      labels: null,
      vocabulary: null,
      classNames: null,
      shape: null,
      scale: null,
      labelColumn: null,
    }
    const job = await finalJob(db, await requestDatasetImport(db, request))
    expect(job).toMatchObject({ state: 'FAILED', errorCode: 'NON_FINITE_VALUE' })
    expect(job.error).toMatch(/200,?001/)
    expect(await db.prisma.dataset.count({ where: { inputCount: { not: INPUTS } } })).toBe(0)
    expect(await db.prisma.datasetChunk.count({ where: { dataset: { name: { not: 'points' } } } })).toBe(0)
  })
})
