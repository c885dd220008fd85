// Who does the work of a job that a command waits for, and what Ctrl-C does to it.
import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { liveWorkerCount, takeLifeline } from '#atlas/src/jobs/liveness.js'
import { openDatabase } from '#atlas/src/store/database.js'
import { useDatabase, withClient } from '../support/database.ts'
import {
  atlas,
  atlasJson,
  finish,
  startAtlas,
  stderrSays,
  writePointsCsv,
  writeQuadrantsNetwork,
} from './atlas.ts'

const database = useDatabase()
const json = (...args: string[]) => atlasJson(database.url, args)

beforeAll(async () => {
  await json('import', 'network', await writeQuadrantsNetwork('quadrants'))
  await json('import', 'dataset', await writePointsCsv('points'), '--label-column', 'label')
})

async function jobStates(): Promise<string[]> {
  const { rows } = await withClient(database.url, (client) =>
    client.query<{ state: string }>('select state from job order by created_at'),
  )
  return rows.map((row) => row.state)
}

describe('liveWorkerCount', () => {
  it('counts the lifelines of this database', async () => {
    const db = openDatabase(database.url, { connections: 2 })
    try {
      expect(await liveWorkerCount(db)).toBe(0)
      const first = await takeLifeline(database.url)
      const second = await takeLifeline(database.url)
      expect(await liveWorkerCount(db)).toBe(2)
      await first.release()
      await second.release()
      await expect.poll(() => liveWorkerCount(db)).toBe(0)
    } finally {
      await db.close()
    }
  })
})

// The lifeline without a worker behind it stands for a worker that is busy with other jobs.
describe('while another worker lives', () => {
  it('Ctrl-C leaves the job to it and says how to cancel; cancel does', async () => {
    const lifeline = await takeLifeline(database.url)
    const child = startAtlas(database.url, ['partition', 'quadrants', 'points'])
    const result = finish(child)
    await stderrSays(child, 'waiting in the queue')
    child.kill('SIGINT')
    const { code, stderr } = await result
    expect(code).toBe(130)
    const id = /`atlas cancel ([0-9a-f-]{36})`/.exec(stderr)?.[1] ?? ''
    expect(await jobStates()).toEqual(['QUEUED'])
    expect(await json('cancel', id)).toMatchObject({ job: { id, state: 'CANCELLED' } })
    expect((await atlas(database.url, ['cancel', id])).stderr).toMatch(/^error JOB_FINISHED: /)
    await lifeline.release()
  })

  it('takes the job over when that worker is gone', async () => {
    const lifeline = await takeLifeline(database.url)
    const child = startAtlas(database.url, ['partition', 'quadrants', 'points'])
    const result = finish(child)
    await stderrSays(child, 'waiting in the queue')
    await lifeline.release()
    const { code, stdout } = await result
    expect(code).toBe(0)
    expect(stdout).toMatch(/^regions +4$/m)
    expect(await jobStates()).toEqual(['CANCELLED', 'SUCCEEDED'])
  })
})

describe('--detach', () => {
  it('prints the id of the job; the same command without it goes on with that job', async () => {
    const { code, stdout, stderr } = await atlas(database.url, [
      'neighbors',
      'quadrants/0..1@points',
      '--detach',
    ])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^[0-9a-f-]{36}\n$/)
    expect(stderr).toContain('atlas worker')
    const detached = await json('partition', 'quadrants', 'points', '--layers', '1', '--detach')
    expect(detached).toMatchObject({ job: { state: 'QUEUED' }, partition: { computedAt: null } })
    expect((await atlas(database.url, ['show', 'quadrants/1@points'])).stdout).toContain('not computed')
    expect((await atlas(database.url, ['export', 'quadrants/1@points'])).stderr).toMatch(
      /PARTITION_NOT_READY/,
    )
    const { job } = z.object({ job: z.object({ id: z.uuid() }) }).parse(detached)
    expect(await json('partition', 'quadrants', 'points', '--layers', '1')).toMatchObject({
      job: { id: job.id },
    })
  })
})

it('a failed job ends the command with its error', async () => {
  // Samples so large that the network's output overflows: only the job can see that.
  await json('import', 'dataset', await writePointsCsv('others'), '--label-column', 'label')
  await withClient(database.url, (client) =>
    client.query(`update dataset_chunk set data = decode(repeat('00007f7f00007fff', 8), 'hex')
      where dataset_id = (select id from dataset where name = 'others')`),
  )
  const { code, stdout, stderr } = await atlas(database.url, ['partition', 'quadrants', 'others', '--json'])
  expect(code).toBe(1)
  expect(stderr).toMatch(/^error NON_FINITE_ACTIVATION: /)
  expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'NON_FINITE_ACTIVATION' } })
})

it('a worker takes jobs until it is told to stop', async () => {
  const worker = startAtlas(database.url, ['worker'])
  const result = finish(worker)
  await stderrSays(worker, 'takes jobs')
  expect(await json('partition', 'quadrants', 'points', '--layers', '0')).toMatchObject({
    job: { state: 'SUCCEEDED' },
  })
  worker.kill('SIGTERM')
  expect((await result).code).toBe(0)
})

it('delete removes a dataset and all that was computed from it', async () => {
  expect(await json('delete', 'points', '--yes')).toEqual({ deleted: { kind: 'dataset', name: 'points' } })
  expect(await json('list', 'partitions')).toMatchObject({ partitions: { nodes: [{ dataset: 'others' }] } })
  expect((await atlas(database.url, ['delete', 'quadrants', '--yes'])).stdout).toBe(
    'Deleted the network "quadrants".\n',
  )
})
