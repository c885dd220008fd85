import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { buildMlp } from '../support/onnx.ts'
import { storeBytes } from '../support/atlas.ts'
import { runJobs, useAtlas } from './support/atlas.ts'

const atlas = useAtlas({ partitions: ['mlp-a/0@points'] })

const toId = (type: string, key: number | string) => Buffer.from(`${type}:${key}`).toString('base64url')
const upload = (bytes: Uint8Array) => storeBytes(atlas.db, bytes)

const IMPORT = `mutation ($input: ImportNetworkInput!) { importNetwork(input: $input) { network {
  name path description tags parameterCount inputShape outputShape exactness approximations byteCount
  layers { index name operator unitCount positionCount bitCount exact path } } } }`
const CREATE = `mutation ($input: CreatePartitionInput!) { createPartition(input: $input) {
  partition { id path computedAt regionCount } job { id kind state } } }`
const COMPARE = `mutation ($a: ID!, $b: ID!) { compare(input: { a: $a, b: $b }) {
  comparison { id siteCount } job { id kind state } } }`

const created = z.object({
  createPartition: z.object({
    partition: z.object({ id: z.string(), computedAt: z.string().nullable(), regionCount: z.number() }),
    job: z.object({ id: z.string(), kind: z.string(), state: z.string() }).nullable(),
  }),
})

const span = (network: string, fromLayer: number, toLayer: number, rest = {}) => ({
  input: { network, dataset: 'points', fromLayer, toLayer, ...rest },
})

async function createPartition(...args: Parameters<typeof span>) {
  return created.parse(await atlas.ask(CREATE, span(...args))).createPartition
}

describe('importNetwork', () => {
  it('stores a network with its layers', async () => {
    const bytes = buildMlp({ sizes: [6, 5, 2], seed: 9, leaky: 0.1 })
    const input = { name: 'leaky', file: await upload(bytes), description: 'Leaks.', tags: ['one', 'two'] }
    expect(await atlas.ask(IMPORT, { input })).toEqual({
      importNetwork: {
        network: {
          name: 'leaky',
          path: 'leaky',
          description: 'Leaks.',
          tags: ['one', 'two'],
          parameterCount: 6 * 5 + 5 + 5 * 2 + 2,
          inputShape: [6],
          outputShape: [2],
          exactness: 'PIECEWISE_AFFINE',
          approximations: [],
          byteCount: bytes.length,
          layers: [
            {
              index: 0,
              name: 'gate0',
              operator: 'LeakyRelu',
              unitCount: 5,
              positionCount: 1,
              bitCount: 5,
              exact: true,
              path: 'leaky/0',
            },
          ],
        },
      },
    })
    const taken = { input: { ...input, name: 'points' } }
    expect(await atlas.codeOf(IMPORT, taken)).toBe('NETWORK_EXISTS')
    const filter = '{ networks(filter: { tag: "two", nameContains: "eak" }) { totalCount nodes { name } } }'
    expect(await atlas.ask(filter)).toEqual({ networks: { totalCount: 1, nodes: [{ name: 'leaky' }] } })
  })

  it('stores nothing on an error', async () => {
    const file = await upload(buildMlp({ sizes: [6, 3, 2], seed: 12 }))
    const codeOf = (input: object) => atlas.codeOf(IMPORT, { input: { name: 'other', file, ...input } })
    expect(await codeOf({ name: 'Not a name' })).toBe('BAD_NAME')
    expect(await codeOf({ name: 'points' })).toBe('NAME_TAKEN')
    expect(await codeOf({ file: 'f'.repeat(64) })).toBe('UNKNOWN_FILE')
    expect(await codeOf({ file: await upload(Buffer.from('this is no network')) })).toBe('MALFORMED_ONNX')
    expect(await atlas.ask('{ network(name: "other") { id } }')).toEqual({ network: null })
  })
})

describe('importDataset', () => {
  it('queues a job, which cancelJob cancels once', async () => {
    const input = { name: 'new', file: await upload(Buffer.from('anything')) }
    const query = `mutation ($input: ImportDatasetInput!) {
      importDataset(input: $input) { dataset { id } job { id kind state done total error errorCode } } }`
    const answer = z
      .object({ importDataset: z.object({ job: z.object({ id: z.string() }) }) })
      .parse(await atlas.ask(query, { input }))
    const { job } = answer.importDataset
    expect(answer).toMatchObject({ importDataset: { job: { id: job.id } } })
    const cancel = 'mutation ($id: ID!) { cancelJob(id: $id) { job { id state finishedAt } } }'
    expect(await atlas.ask(cancel, { id: job.id })).toEqual({
      cancelJob: {
        job: { id: job.id, state: 'CANCELLED', finishedAt: expect.stringMatching(/^\d{4}-.*T.*\.\d{3}Z$/) },
      },
    })
    expect(await atlas.codeOf(cancel, { id: job.id })).toBe('JOB_FINISHED')
    expect(await atlas.codeOf(cancel, { id: toId('Job', crypto.randomUUID()) })).toBe('UNKNOWN_JOB')
    expect(await atlas.codeOf(cancel, { id: toId('Network', 1) })).toBe('BAD_ID')
    expect(await atlas.codeOf(query, { input: { ...input, name: 'mlp-a' } })).toBe('NAME_TAKEN')
    expect(await atlas.codeOf(query, { input: { ...input, labels: 'none' } })).toBe('UNKNOWN_FILE')
  })
})

describe('createPartition', () => {
  it('gives the same partition and job for the same arguments, and no job once it is computed', async () => {
    const first = await createPartition('mlp-b', 0, 1)
    expect(first).toMatchObject({
      partition: { computedAt: null, regionCount: 0 },
      job: { kind: 'partition', state: 'QUEUED' },
    })
    expect(await createPartition('mlp-b', 0, 1, { granularity: null })).toEqual(first)
    await runJobs(atlas.db)
    const computed = await createPartition('mlp-b', 0, 1)
    expect(computed.partition.id).toBe(first.partition.id)
    expect(computed.partition.regionCount).toBeGreaterThan(1)
    expect(computed.job).toBeNull()
  })

  it('refuses what there is not', async () => {
    const codeOf = (...args: Parameters<typeof span>) => atlas.codeOf(CREATE, span(...args))
    expect(await codeOf('none', 0, 0)).toBe('UNKNOWN_NETWORK')
    expect(await codeOf('mlp-a', 0, 0, { dataset: 'none' })).toBe('UNKNOWN_DATASET')
    expect(await codeOf('mlp-a', 0, 2)).toBe('BAD_SPAN')
    expect(await codeOf('mlp-a', 1, 0)).toBe('BAD_SPAN')
    expect(await codeOf('mlp-a', -1, 0)).toBe('BAD_SPAN')
  })
})

describe('computeNeighbors', () => {
  const query = `mutation ($partition: ID!, $k: Int) { computeNeighbors(input: { partition: $partition, k: $k }) {
    job { kind state } } }`

  it('stores as many neighbours as asked for', async () => {
    const partition = toId('Partition', 1)
    expect(await atlas.ask(query, { partition, k: 3 })).toEqual({
      computeNeighbors: { job: { kind: 'neighbors', state: 'QUEUED' } },
    })
    await runJobs(atlas.db)
    expect(await atlas.ask('{ partition(path: "mlp-a/0@points") { neighborCount } }')).toEqual({
      partition: { neighborCount: 3 },
    })
  })

  it('refuses what it cannot do', async () => {
    expect(await atlas.codeOf(query, { partition: toId('Partition', 1), k: 0 })).toBe('BAD_ARGUMENT')
    expect(await atlas.codeOf(query, { partition: toId('Partition', 99) })).toBe('UNKNOWN_PARTITION')
    const { partition } = await createPartition('tokens', 0, 0)
    expect(await atlas.codeOf(query, { partition: partition.id })).toBe('PARTITION_NOT_READY')
    await runJobs(atlas.db)
  })
})

describe('compare', () => {
  it('answers the job, and the comparison once it is there', async () => {
    const a = toId('Partition', 1)
    const { partition } = await createPartition('mlp-b', 0, 0)
    expect(await atlas.codeOf(COMPARE, { a, b: partition.id })).toBe('PARTITION_NOT_READY')
    await runJobs(atlas.db)
    const first = await atlas.ask(COMPARE, { a, b: partition.id })
    expect(first).toMatchObject({ compare: { comparison: null, job: { kind: 'compare', state: 'QUEUED' } } })
    expect(await atlas.ask(COMPARE, { a, b: partition.id })).toEqual(first)
    const ask = 'query ($a: ID!, $b: ID!) { comparison(a: $a, b: $b) { siteCount } }'
    expect(await atlas.ask(ask, { a, b: partition.id })).toEqual({ comparison: null })
    await runJobs(atlas.db)
    expect(await atlas.ask(COMPARE, { a, b: partition.id })).toMatchObject({
      compare: { comparison: { siteCount: 120 }, job: null },
    })
    expect(await atlas.ask(ask, { a, b: partition.id })).toEqual({ comparison: { siteCount: 120 } })
  })

  it('refuses partitions with other sites', async () => {
    const { partition } = await createPartition('tokens', 0, 0, { granularity: 'PER_POSITION' })
    await runJobs(atlas.db)
    expect(await atlas.codeOf(COMPARE, { a: toId('Partition', 1), b: partition.id })).toBe('NOT_COMPARABLE')
  })
})

describe('deleting', () => {
  it('is refused while a job works, and leaves nothing behind', async () => {
    const remove = 'mutation { deleteNetwork(name: "mlp-b") { name deletedId } }'
    await createPartition('mlp-b', 1, 1)
    expect(await atlas.codeOf(remove)).toBe('IN_USE')
    await runJobs(atlas.db)
    const answer = z
      .object({ deleteNetwork: z.object({ name: z.literal('mlp-b'), deletedId: z.string() }) })
      .parse(await atlas.ask(remove))
    const { deletedId } = answer.deleteNetwork
    expect(await atlas.ask('query ($id: ID!) { node(id: $id) { id } }', { id: deletedId })).toEqual({
      node: null,
    })
    const left = '{ partitions(filter: { network: "mlp-b" }) { totalCount } network(name: "mlp-b") { id } }'
    expect(await atlas.ask(left)).toEqual({ partitions: { totalCount: 0 }, network: null })
    expect(await atlas.codeOf(remove)).toBe('UNKNOWN_NETWORK')
    expect(await atlas.codeOf('mutation { deleteDataset(name: "mlp-a") { name } }')).toBe('UNKNOWN_DATASET')
  })

  it('and making again in one request tell each what it left', async () => {
    const file = await upload(buildMlp({ sizes: [6, 4, 2], seed: 30 }))
    const again = await upload(buildMlp({ sizes: [6, 7, 2], seed: 30 }))
    const query = `mutation ($file: ID!, $again: ID!) {
      first: importNetwork(input: { name: "phoenix", file: $file }) { network { layers { unitCount } } }
      deleteNetwork(name: "phoenix") { name }
      second: importNetwork(input: { name: "phoenix", file: $again }) { network { layers { unitCount } } }
    }`
    expect(await atlas.ask(query, { file, again })).toEqual({
      first: { network: { layers: [{ unitCount: 4 }] } },
      deleteNetwork: { name: 'phoenix' },
      second: { network: { layers: [{ unitCount: 7 }] } },
    })
  })
})

describe('jobs', () => {
  it('are listed the newest first, by state', async () => {
    const answer = z
      .object({
        jobs: z.object({
          totalCount: z.number(),
          nodes: z.array(z.object({ createdAt: z.string(), state: z.string() })),
        }),
      })
      .parse(
        await atlas.ask(
          '{ jobs(state: SUCCEEDED, first: 100) { totalCount nodes { createdAt state secondsLeft } } }',
        ),
      )
    const { totalCount, nodes } = answer.jobs
    expect(nodes).toHaveLength(totalCount)
    expect(totalCount).toBeGreaterThan(3)
    expect(new Set(nodes.map(({ state }) => state))).toEqual(new Set(['SUCCEEDED']))
    const times = nodes.map(({ createdAt }) => createdAt)
    expect(times).toEqual([...times].sort().reverse())
  })

  it('say why they failed, but for what only the log may know', async () => {
    await atlas.db.pool
      .query(`update job set state = 'FAILED', error = 'secret stack', error_code = 'INTERNAL'
      where id = (select id from job where state = 'CANCELLED' limit 1)`)
    const answer = await atlas.ask('{ jobs(state: FAILED) { nodes { error errorCode } } }')
    expect(answer).toMatchObject({ jobs: { nodes: [{ errorCode: 'INTERNAL' }] } })
    expect(JSON.stringify(answer)).not.toContain('secret')
  })
})
