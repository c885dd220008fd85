import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { raw } from '#atlas/src/store/database.js'
import { deleteNetwork } from '#atlas/src/store/deleteEntity.js'
import { addPartition } from '../support/atlas.ts'
import { runJobs, useAtlas } from './support/atlas.ts'
import { addPlane, computeFacets, regionsOf } from './support/facets.ts'

const atlas = useAtlas({
  partitions: ['mlp-a/0..1@points', 'mlp-a/1@points', 'mlp-b/0@points', 'tokens/0@points~positions'],
})

beforeAll(() => addPlane(atlas))

const REQUEST =
  'mutation ($input: ComputeFacetsInput!) { computeFacets(input: $input) { job { id kind state total } } }'

describe('computeFacets', () => {
  const stored = async () =>
    atlas.db.query<{ region: number; computed_at: Date }>(
      raw(`select p.region, p.computed_at from region_polytope p join partition t on t.id = p.partition_id
        join network n on n.id = t.network_id where n.name = 'mlp-b' order by p.region`),
    )
  const jobs = z.object({
    jobs: z.object({ nodes: z.array(z.object({ done: z.number(), total: z.number() })) }),
  })

  it('takes the most populous regions first, and leaves those that are done', async () => {
    const partition = 'mlp-b/0@points'
    const answer = await atlas.ask(REQUEST, { input: { partition, limit: 3 } })
    expect(answer).toMatchObject({ computeFacets: { job: { kind: 'facets', state: 'QUEUED', total: null } } })
    await runJobs(atlas.db)
    const largest =
      '{ partition(path: "mlp-b/0@points") { regions(first: 3, orderBy: MEMBER_COUNT_DESC) { nodes { index } } } }'
    const { nodes } = z
      .object({
        partition: z.object({ regions: z.object({ nodes: z.array(z.object({ index: z.number() })) }) }),
      })
      .parse(await atlas.ask(largest)).partition.regions
    const first = await stored()
    expect(first.map(({ region }) => region)).toEqual(nodes.map(({ index }) => index).sort((a, b) => a - b))
    await atlas.ask(REQUEST, { input: { partition, limit: 5 } })
    await runJobs(atlas.db)
    expect(await stored()).toHaveLength(5)
    expect(await stored()).toEqual(expect.arrayContaining(first))
    const { jobs: done } = jobs.parse(await atlas.ask('{ jobs(first: 2) { nodes { done total } } }'))
    expect(done.nodes).toEqual([
      { done: 5, total: 5 },
      { done: 3, total: 3 },
    ])
  })

  it('takes one region, and replaces what was computed in another box, with its codes', async () => {
    const codes = 'select * from code order by hash, bit_count'
    const before = await atlas.db.query(raw(codes))
    const facets = async () =>
      atlas.db.query<{ region: number }>(
        raw('select * from region_facet order by partition_id, region, rank'),
      )
    const was = await facets()
    const [{ region, computed_at }] = await stored()
    const find = `{ partition(path: "mlp-b/0@points") { regions(first: 500) { nodes { id index path } } } }`
    const { nodes } = z
      .object({
        partition: z.object({
          regions: z.object({
            nodes: z.array(z.object({ id: z.string(), index: z.number(), path: z.string() })),
          }),
        }),
      })
      .parse(await atlas.ask(find)).partition.regions
    const place = nodes.find(({ index }) => index === region)
    await atlas.ask(REQUEST, { input: { region: place?.id, box: { lower: [0.45], upper: [0.55] } } })
    await runJobs(atlas.db)
    const [replaced] = await stored()
    expect(replaced.region).toBe(region)
    expect(replaced.computed_at.getTime()).toBeGreaterThan(computed_at.getTime())
    expect(await facets()).not.toEqual(was)
    await atlas.ask(REQUEST, { input: { region: place?.path } })
    await runJobs(atlas.db)
    expect(await facets()).toEqual(was)
    expect(await atlas.db.query(raw(codes))).toEqual(before)
  })

  it('says of a code that no point of the box has that its polytope is empty', async () => {
    await addPartition(atlas.db, 'plane/0@grid')
    await runJobs(atlas.db)
    await computeFacets(atlas, 'plane/0@grid', 1, { lower: [50], upper: [51] })
    const [{ polytope, neighbors }] = (await regionsOf(atlas, 'plane/0@grid', 1)).regions.nodes
    expect(neighbors.totalCount).toBe(0)
    expect(polytope).toMatchObject({ facetCount: 0, inradius: 0, chebyshevCenter: null, complete: true })
  })

  it('lies in the space before a later layer, where the span begins there', async () => {
    await computeFacets(atlas, 'mlp-a/1@points', 2, { lower: [0], upper: [9] })
    const { nodes } = (await regionsOf(atlas, 'mlp-a/1@points', 2)).regions
    for (const { polytope } of nodes) {
      expect(polytope?.chebyshevCenter).toHaveLength(16)
      expect(polytope?.boxSides.some(({ axis }) => axis > 5)).toBe(true)
    }
  })

  it('refuses what it cannot do', async () => {
    const codeOf = (input: object) => atlas.codeOf(REQUEST, { input })
    const partition = 'mlp-a/0..1@points'
    const box = { lower: [0], upper: [1] }
    expect(await codeOf({})).toBe('BAD_ARGUMENT')
    expect(await codeOf({ partition, region: 'x' })).toBe('BAD_ARGUMENT')
    expect(await codeOf({ region: `${partition}/${'0'.repeat(32)}`, limit: 1 })).toBe('BAD_ARGUMENT')
    expect(await codeOf({ partition, limit: 0 })).toBe('BAD_ARGUMENT')
    expect(await codeOf({ region: `${partition}/${'0'.repeat(32)}` })).toBe('UNKNOWN_REGION')
    expect(await codeOf({ region: partition })).toBe('BAD_PATH')
    expect(await codeOf({ region: 'x' })).toBe('BAD_ID')
    expect(await codeOf({ partition: 'mlp-a/0@none' })).toBe('UNKNOWN_PARTITION')
    expect(await codeOf({ partition: 'tokens/0@points~positions' })).toBe('NOT_WHOLE_INPUT')
    expect(await codeOf({ partition, box: { ...box, upper: [1, 1] } })).toBe('BAD_BOX')
    expect(await codeOf({ partition, box: { ...box, upper: [0] } })).toBe('BAD_BOX')
    await addPartition(atlas.db, 'mlp-b/1@points')
    expect(await codeOf({ partition: 'mlp-b/1@points' })).toBe('PARTITION_NOT_READY')
    await runJobs(atlas.db)
    await expect(computeFacets(atlas, 'mlp-b/1@points', 1, { lower: [0], upper: [1, 1] })).rejects.toThrow(
      /each of the 16 axes/,
    )
  })

  it('refuses an approximate network, and says why', async () => {
    await atlas.db.prisma.network.update({
      where: { name: 'tokens' },
      data: { exactness: 'APPROXIMATE', approximations: ['Layer 0 is a Sigmoid.'] },
    })
    await addPartition(atlas.db, 'tokens/0@points')
    await runJobs(atlas.db)
    const [error] = await atlas.errorsOf(REQUEST, { input: { partition: 'tokens/0@points' } })
    expect(error).toMatchObject({
      code: 'NOT_PIECEWISE_AFFINE',
      message: expect.stringMatching(/piecewise affine.*Layer 0 is a Sigmoid/),
    })
  })
})

describe('before computeFacets', () => {
  const query = (field: string) =>
    `{ partition(path: "tokens/0@points~positions") { regions(first: 1) { nodes { ${field} } } } }`

  it('there is no polytope, and facet neighbours are refused', async () => {
    expect(await atlas.ask(query('polytope { facetCount }'))).toEqual({
      partition: { regions: { nodes: [{ polytope: null }] } },
    })
    expect(await atlas.codeOf(query('neighbors(kind: FACET) { totalCount }'))).toBe('FACETS_NOT_COMPUTED')
    expect(await atlas.codeOf(query('neighbors(kind: FACET, maxDistance: -1) { totalCount }'))).toBe(
      'BAD_ARGUMENT',
    )
    expect(await atlas.codeOf(query('neighbors(after: "x") { totalCount }'))).toBe('BAD_ARGUMENT')
  })
})

it('deleting a network removes its facets and the codes that only they led to', async () => {
  const count = async (table: string) => (await atlas.db.query(raw(`select from ${table}`))).length
  expect(await count('region_facet')).toBeGreaterThan(100)
  for (const name of ['plane', 'mlp-a', 'mlp-b']) await deleteNetwork(atlas.db, name)
  expect([await count('region_facet'), await count('region_polytope')]).toEqual([0, 0])
  const unused = `select from code c where not exists
    (select from region r where r.code_hash = c.hash and r.bit_count = c.bit_count)`
  expect(await atlas.db.query(raw(unused))).toEqual([])
})
