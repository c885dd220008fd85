import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { cancelJob } from '#atlas/src/jobs/commands/cancelJob.js'
import { prepareQueue } from '#atlas/src/jobs/queue.js'
import { openDatabase, raw, sql, type Database } from '#atlas/src/store/database.js'
import { deleteDataset } from '#atlas/src/store/deleteEntity.js'
import type { SegmentEstimates } from '#atlas/src/store/models.js'
import { runJobs } from '../graphql/support/atlas.ts'
import { addDataset, addNetwork, addSegmentSet } from '../support/atlas.ts'
import { useDatabase } from '../support/database.ts'
import { finalJob, succeeded } from '../support/jobs.ts'
import { expectKillsLeaveNoTrace, undisturbed } from '../support/kills.ts'
import { buildMlp, uniform } from '../support/onnx.ts'
import { forkWorker, killProcess } from '../support/workerProcess.ts'

const KILLS = process.env.ATLAS_TEST === 'long' ? 10 : 2
const SET = 'wide/0..2@points/segments:1000:4'

const database = useDatabase()
let db: Database

beforeAll(async () => {
  db = openDatabase(database.url)
  await prepareQueue(db)
  const random = uniform(6)
  await addDataset(db, 'points', Float32Array.from({ length: 500 * 12 }, random), 12)
  // Points 0 and 3 are one, and 1, 4 and 6.
  const few = [0, 1, 2, 0, 1, 3, 1, 4, 5, 6].flatMap((seed) => Array.from({ length: 12 }, uniform(seed)))
  await addDataset(db, 'few', Float32Array.from(few), 12)
  await addDataset(db, 'one', Float32Array.from({ length: 12 }, random), 12)
  await addNetwork(db, 'wide', buildMlp({ sizes: [12, 160, 160, 160, 4], seed: 3 }))
})

afterAll(() => db.close())

/** What a set holds, without its id and its times. */
async function rowsOf(path: string) {
  const { segmentSetId: id } = await addSegmentSet(db, path)
  const segments = await db.query<{
    from_input: number
    to_input: number
    length: number
    region_count: number
  }>(sql`select to_jsonb(s) - 'set_id' as row, s.* from segment s where set_id = ${id} order by index`)
  const groups = await db.query<{ kind: string; count: number; zero: number; estimates: SegmentEstimates }>(
    sql`select kind, label_a, label_b, first_segment, count, zero_length_count as zero, estimates
        from segment_group where set_id = ${id} order by index`,
  )
  return { segments: segments.map((row) => ({ ...row, set_id: 0 })), groups }
}

async function forget(path: string): Promise<void> {
  const { segmentSetId: id } = await addSegmentSet(db, path)
  await db.query(sql`delete from segment_set where id = ${id}`)
  await db.query(raw('delete from job'))
}

describe('the segments of a dataset without labels', () => {
  const path = 'wide/0..2@few/segments:45:1'

  it('join all pairs as one group, those of equal points apart', async () => {
    await addSegmentSet(db, path)
    await runJobs(db)
    const { segments, groups } = await rowsOf(path)
    const pairs = segments.map(({ from_input, to_input }) => `${from_input},${to_input}`)
    const expected = Array.from({ length: 10 }, (_, j) => Array.from({ length: j }, (_, i) => `${i},${j}`))
    expect([...pairs].sort()).toEqual(expected.flat().sort())
    const equal = segments.flatMap(({ length }, i) => (length === 0 ? [pairs[i]] : []))
    expect(equal.sort()).toEqual(['0,3', '1,4', '1,6', '4,6'])
    expect(groups).toHaveLength(1)
    expect(groups[0]).toMatchObject({ kind: 'ALL', label_a: null, first_segment: 0, count: 45, zero: 4 })
    const long = segments.filter(({ length }) => length > 0)
    const mean = long.reduce((sum, { region_count, length }) => sum + (region_count - 1) / length, 0) / 41
    expect(groups[0].estimates.boundaryDensity?.mean).toBeCloseTo(mean, 9)
  })

  it('are walked anew, when they are asked for, where they have no profile', async () => {
    const expected = await rowsOf(path)
    const { segmentSetId } = await addSegmentSet(db, path)
    // What the migration leaves of a set that an older atlas has walked.
    await db.query(sql`update segment set profile = '', change_at = null where set_id = ${segmentSetId}`)
    await db.query(
      sql`update segment_group set estimates = estimates || '{"profile": null, "atChange": null, "aroundChange": null}'
          where set_id = ${segmentSetId}`,
    )
    const again = await addSegmentSet(db, path)
    expect(again).toEqual({ segmentSetId, jobId: expect.any(String) as string })
    expect(await addSegmentSet(db, path)).toEqual(again)
    for (const table of ['segment', 'segment_group'])
      expect(await db.query(raw(`select from ${table}`))).toEqual([])
    await runJobs(db)
    expect(await addSegmentSet(db, path)).toEqual({ segmentSetId, jobId: null })
    expect(await rowsOf(path)).toEqual(expected)
  })

  it('go with their dataset', async () => {
    await deleteDataset(db, 'few')
    for (const table of ['segment_set', 'segment', 'segment_group'])
      expect(await db.query(raw(`select from ${table}`))).toEqual([])
  })

  it('are none where there is one input', async () => {
    await expect(addSegmentSet(db, 'wide/0..2@one/segments:5:1')).rejects.toMatchObject({
      code: 'TOO_FEW_INPUTS',
    })
  })
})

describe('a disturbed walk', () => {
  const killed = {
    work: async () => succeeded(db, (await addSegmentSet(db, SET)).jobId),
    read: () => rowsOf(SET),
    clear: () => forget(SET),
  }
  let expected: { rows: Awaited<ReturnType<typeof rowsOf>>; duration: number }

  beforeAll(async () => {
    expected = await undisturbed(database.url, killed)
    expect(expected.rows.segments).toHaveLength(1000)
    await forget(SET)
  })

  afterEach(() => forget(SET))

  it(`has the rows of an undisturbed one, whenever its worker is killed (${KILLS} times)`, async () => {
    await expectKillsLeaveNoTrace(database.url, KILLS, expected, killed)
  })

  it('goes on where it was cancelled', async () => {
    const { segmentSetId, jobId } = await addSegmentSet(db, SET)
    const worker = forkWorker(database.url)
    const stored = () =>
      db.query(sql`select index, xmin::text from segment where set_id = ${segmentSetId} order by index`)
    await expect
      .poll(async () => (await stored()).length, { timeout: 20_000, interval: 5 })
      .toBeGreaterThan(0)
    await cancelJob(db, jobId ?? '')
    expect(await finalJob(db, jobId ?? '')).toMatchObject({ state: 'CANCELLED' })
    const kept = await stored()
    expect(kept.length).toBeLessThan(1000)
    expect(await db.query(raw('select from segment_group'))).toEqual([])
    const again = await addSegmentSet(db, SET)
    expect(again.segmentSetId).toBe(segmentSetId)
    expect(again.jobId).not.toBe(jobId)
    await succeeded(db, again.jobId)
    await killProcess(worker, 'SIGTERM')
    // The rows of the first attempt are still those that it wrote.
    expect(await stored()).toEqual(expect.arrayContaining(kept))
    expect(await rowsOf(SET)).toEqual(expected.rows)
  })
})
