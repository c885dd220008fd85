import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { embedCodes } from '#atlas/compute/embed/index.js'
import { packRows } from '../support/reference.ts'
import { runJobs, useAtlas } from './support/atlas.ts'
import { floatsIn } from './support/packed.ts'
import { mlps, regionsOf, spanBits } from './support/reference.ts'

const PARTITION = 'mlp-a/0..1@points'
const OTHER = 'mlp-b/0..1@points'

const atlas = useAtlas({ partitions: [PARTITION, OTHER] })

const EMBED = `mutation ($input: EmbedRegionsInput!) { embedRegions(input: $input) {
  embedding { id path neighbors seed computedAt positions partition { path } } job { id kind state } } }`
const payload = z.object({
  embedRegions: z.object({
    embedding: z.looseObject({ id: z.string(), path: z.string(), positions: z.string().nullable() }),
    job: z.object({ id: z.string(), kind: z.string(), state: z.string() }).nullable(),
  }),
})
const embed = async (input: Record<string, unknown>) =>
  payload.parse(await atlas.ask(EMBED, { input: { partition: PARTITION, ...input } })).embedRegions

const regions = regionsOf(spanBits(mlps['mlp-a'], 0, 1))

beforeAll(async () => {
  await embed({})
  await runJobs(atlas.db)
})

describe('embedRegions', () => {
  it('gives the map and the job that computes it, and the same one again', async () => {
    const first = await embed({ neighbors: 8, seed: 3 })
    expect(first).toMatchObject({
      embedding: {
        ...{ path: `${PARTITION}/map:8:3`, neighbors: 8, seed: 3, computedAt: null, positions: null },
        partition: { path: PARTITION },
      },
      job: { kind: 'embed', state: 'QUEUED' },
    })
    expect(await embed({ neighbors: 8, seed: 3 })).toEqual(first)
    expect(await atlas.db.prisma.job.count({ where: { kind: 'embed', state: 'QUEUED' } })).toBe(1)
    await runJobs(atlas.db)
    const again = await embed({ neighbors: 8, seed: 3 })
    expect(again).toMatchObject({ embedding: { id: first.embedding.id }, job: null })
    expect(again.embedding.computedAt).not.toBeNull()
    const job = await atlas.ask('query ($id: ID!) { node(id: $id) { ... on Job { done total } } }', {
      id: first.job?.id,
    })
    expect(job).toEqual({ node: { done: 2 * regions.length, total: 2 * regions.length } })
  })

  it.each([
    ['UNKNOWN_PARTITION', { partition: 'mlp-a/0..0@points' }],
    ['BAD_PATH', { partition: `${PARTITION}/map:15:1` }],
    ['BAD_ID', { partition: 'x' }],
    ['BAD_ARGUMENT', { neighbors: 1 }],
    ['BAD_ARGUMENT', { neighbors: 101 }],
    ['BAD_ARGUMENT', { seed: -1 }],
  ])('says %s', async (code, input) => {
    expect(await atlas.codeOf(EMBED, { input: { partition: PARTITION, ...input } })).toBe(code)
  })

  it('says PARTITION_NOT_READY before there are regions', async () => {
    await atlas.ask(`mutation { createPartition(input: { network: "mlp-b", dataset: "points", fromLayer: 1, toLayer: 1 })
      { partition { id } } }`)
    expect(await atlas.codeOf(EMBED, { input: { partition: 'mlp-b/1..1@points' } })).toBe(
      'PARTITION_NOT_READY',
    )
    await runJobs(atlas.db)
  })

  it('says TOO_LARGE where regions times neighbours would not fit in memory', async () => {
    const where = { network: { name: 'mlp-b' }, fromLayer: 0 }
    const setCount = (regionCount: number) =>
      atlas.db.prisma.partition.updateMany({ where, data: { regionCount } })
    const { regionCount } = await atlas.db.prisma.partition.findFirstOrThrow({ where })
    await setCount(2 ** 22)
    expect(await atlas.codeOf(EMBED, { input: { partition: OTHER, neighbors: 9 } })).toBe('TOO_LARGE')
    await setCount(regionCount)
  })

  it('takes all others where there are fewer regions than neighbours', async () => {
    const { embedding } = await embed({ neighbors: 100 })
    await runJobs(atlas.db)
    expect(embedding.path).toBe(`${PARTITION}/map:100:1`)
    const { positions } = (await embed({ neighbors: 100 })).embedding
    expect(floatsIn(positions ?? '')).toHaveLength(2 * regions.length)
  })
})

describe('a map', () => {
  it('has x and y of each region by index', async () => {
    const { embedding } = await embed({})
    expect(embedding).toMatchObject({ path: `${PARTITION}/map:15:1`, neighbors: 15, seed: 1 })
    const codes = packRows(regions.map(({ bits }) => bits))
    expect(floatsIn(embedding.positions ?? '')).toEqual(
      await embedCodes({ codes, bitCount: 26, neighbors: 15, seed: 1 }),
    )
  })

  it('is found by its path, its id and its partition', async () => {
    const { id, path } = (await embed({})).embedding
    const answer = await atlas.ask(
      `query ($id: ID!) { node(id: $id) { __typename ... on Embedding { path job { state } } }
        entity(path: "${path}") { id } partition(path: "${PARTITION}") { embeddings { path } } }`,
      { id },
    )
    expect(answer).toMatchObject({
      node: { __typename: 'Embedding', path, job: { state: 'SUCCEEDED' } },
      entity: { id },
    })
    const { partition } = z
      .object({ partition: z.object({ embeddings: z.array(z.object({ path: z.string() })) }) })
      .parse(answer)
    expect(partition.embeddings[0]).toEqual({ path })
  })

  it('goes with its network', async () => {
    await embed({ partition: OTHER })
    await runJobs(atlas.db)
    await atlas.ask('mutation { deleteNetwork(name: "mlp-b") { name } }')
    expect(await atlas.ask(`{ entity(path: "${OTHER}/map:15:1") { id } }`)).toEqual({ entity: null })
    expect(
      await atlas.db.prisma.embedding.count({ where: { partition: { network: { name: 'mlp-b' } } } }),
    ).toBe(0)
  })
})
