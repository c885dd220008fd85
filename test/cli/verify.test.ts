import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { requestDirections } from '#atlas/src/jobs/commands/requestDirections.js'
import { requestEmbedding } from '#atlas/src/jobs/commands/requestEmbedding.js'
import { verifyAtlas, type SampleSize } from '#atlas/src/jobs/verify/index.js'
import { createSeries } from '#atlas/src/store/createSeries.js'
import { runJobs, useAtlas } from '../graphql/support/atlas.ts'
import { INPUT_COUNT } from '../graphql/support/reference.ts'
import { addDataset, addNetwork, addPartition } from '../support/atlas.ts'
import { withClient } from '../support/database.ts'
import { buildModel } from '../support/onnx.ts'
import { atlasHere } from './atlas.ts'
import { id, plants } from './plants.ts'

const A = 'mlp-a/0..1@points'
const atlas = useAtlas({
  partitions: [A, 'mlp-b/0..1@points', 'tokens/0@points~positions'],
  neighbors: { [A]: 3 },
  complexes: ['mlp-a'],
  facets: { [A]: 40 },
  comparisons: [[A, 'mlp-b/0..1@points']],
  segmentSets: [`${A}/segments:40:1`],
  clusterings: [A],
})

/** A smooth gate, whose bits have distances, before a gate with two bits a unit. */
const smooth = buildModel({
  inputs: { x: ['N', 2, 3] },
  initializers: {
    w: { shape: [3, 3], values: [1, -1, 0.5, -0.75, 0.5, 1, 0.25, 0.5, -1.25] },
    low: { shape: [], values: [-0.25] },
    high: { shape: [], values: [0.25] },
  },
  nodes: [
    { op: 'MatMul', inputs: ['x', 'w'], output: 'a' },
    { op: 'Sigmoid', inputs: ['a'], output: 'b' },
    { op: 'MatMul', inputs: ['b', 'w'], output: 'c' },
    { op: 'Clip', inputs: ['c', 'low', 'high'], output: 'scores' },
  ],
  outputs: ['scores'],
})

/** Its one bit is the sign of its one input. */
const edge = buildModel({
  inputs: { x: ['N', 1] },
  initializers: { w: { shape: [1, 1], values: [1] } },
  nodes: [
    { op: 'MatMul', inputs: ['x', 'w'], output: 'a' },
    { op: 'Relu', inputs: ['a'], output: 'scores' },
  ],
  outputs: ['scores'],
})

beforeAll(async () => {
  const { db } = atlas
  const partition = await db.prisma.partition.findFirstOrThrow({ where: { network: { name: 'mlp-a' } } })
  await requestDirections(db, partition.id, { components: 3, seed: 1 })
  await requestEmbedding(db, partition.id, { neighbors: 5, seed: 1 })
  await addNetwork(db, 'smooth', smooth)
  await addPartition(db, 'smooth/0..1@points')
  await addNetwork(db, 'edge', edge)
  await addDataset(db, 'numbers', Float32Array.of(1, -1, 1e-9, 2, -2), 1)
  await addPartition(db, 'edge/0@numbers')
  await runJobs(db)
  const members = ['mlp-a', 'mlp-b'].map((network, step) => ({ network, step }))
  await createSeries(db, { name: 'seeds', description: '', members })
  // What waits is no damage.
  await addPartition(db, 'mlp-b/0@points')
})

const quiet = { signal: new AbortController().signal, onProgress: () => undefined }

async function failures(
  sample: SampleSize = 'all',
): Promise<Record<string, { wrong: number; examples: string[] }>> {
  const { checks } = await verifyAtlas(atlas.db, { ...quiet, sample })
  return Object.fromEntries(checks.filter(({ wrong }) => wrong > 0).map((check) => [check.name, check]))
}

const answerSchema = z.object({
  ok: z.boolean(),
  checks: z.array(
    z.object({ name: z.string(), looked: z.number(), wrong: z.number(), examples: z.array(z.string()) }),
  ),
  sampled: z.array(z.object({ network: z.string(), inputs: z.number(), stored: z.number() })),
  error: z.object({ code: z.string(), message: z.string() }).optional(),
})

/** Runs statements whatever the foreign keys say. */
async function unchecked(...statements: string[]): Promise<void> {
  await withClient(atlas.db.url, async (client) => {
    await client.query('set session_replication_role = replica')
    for (const statement of statements) await client.query(statement)
  })
}

/** Changes a table for the time of `work`. */
async function planted(table: string, statement: string, work: () => Promise<void>): Promise<void> {
  await unchecked(`create schema saved`, `create table saved.rows as table ${table}`)
  try {
    await unchecked(statement)
    await work()
  } finally {
    await unchecked(
      `delete from ${table}`,
      `insert into ${table} select * from saved.rows`,
      'drop schema saved cascade',
    )
  }
}

describe('a sound atlas', () => {
  it('passes, all of it or a sample, and says what was looked at', async () => {
    for (const args of [['--all'], ['--sample', '50', '--seed', '3']]) {
      const { code, stdout, stderr } = await atlasHere(atlas.db.url, ['verify', '--json', ...args])
      const answer = answerSchema.parse(JSON.parse(stdout))
      expect(answer.checks.filter(({ wrong }) => wrong > 0)).toEqual([])
      expect([code, stderr, answer.ok]).toEqual([0, '', true])
      // No check passed because there was nothing to look at, but for what this atlas lacks.
      expect(answer.checks.filter(({ looked }) => looked === 0)).toEqual([])
      const inputs = args[0] === '--all' ? INPUT_COUNT : 50
      const sampled = { inputs, stored: INPUT_COUNT }
      expect(answer.sampled).toMatchObject([sampled, sampled, sampled, sampled, { inputs: 5, stored: 5 }])
    }
  })

  it('says plainly what was sampled', async () => {
    const { stdout } = await atlasHere(atlas.db.url, ['verify', '--sample', '50'])
    expect(stdout).toMatch(/^mlp-a on points: inputs \d+ to \d+.*, 50 of 120 whose codes are stored$/m)
    expect(stdout).toMatch(/^Nothing is wrong/m)
  })
})

describe('a bit that hangs on rounding', () => {
  it('is no damage, but is told', async () => {
    // The third number, 1e-9, as it would come out on a processor that adds in another order: -1e-9.
    const spoil = `update dataset_chunk set data = set_byte(data, 11, get_byte(data, 11) | 128)
      where dataset_id = (select id from dataset where name = 'numbers')`
    await planted('dataset_chunk', spoil, async () => {
      const { checks } = await verifyAtlas(atlas.db, { ...quiet, sample: 'all' })
      expect(checks.filter(({ wrong }) => wrong > 0)).toEqual([])
      const { note } = checks.find(({ name }) => name === 'codes of inputs, computed again') ?? {}
      expect(note).toMatch(/^1 bit differs on a boundary/)
    })
  })
})

describe('damage', () => {
  it.each(plants)('is found: %s', async (_, table, statement, names) => {
    await planted(table, statement, async () => {
      const found = await failures()
      expect(Object.keys(found)).toEqual(expect.arrayContaining(names))
      for (const name of names) expect(found[name].examples.length).toBeGreaterThan(0)
    })
  })

  it('ends the command with its code, the place and the total', async () => {
    const spoil = `update membership set region = 100000 where partition_id = ${id} and input_index < 50`
    await planted('membership', spoil, async () => {
      const { code, stdout, stderr } = await atlasHere(atlas.db.url, ['verify'])
      expect(code).toBe(1)
      expect(stderr).toMatch(/^error ATLAS_DAMAGED: .*regions of members/m)
      expect(stdout).toMatch(/^regions of members: 50 of \d+ memberships$/m)
      expect(stdout).toContain(`${A}, input 0, position 0: there is no region 100000`)
      expect(stdout).toMatch(/^ {2}… 45 more$/m)
      const json = await atlasHere(atlas.db.url, ['verify', '--json'])
      expect(json.code).toBe(1)
      expect(answerSchema.parse(JSON.parse(json.stdout))).toMatchObject({
        ok: false,
        error: { code: 'ATLAS_DAMAGED' },
      })
    })
  })

  it('leaves the atlas sound when it is mended', async () => {
    expect(await failures()).toEqual({})
  })
})
