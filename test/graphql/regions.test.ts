import { graphql } from 'graphql'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createContextFactory } from '#atlas/src/graphql/index.js'
import { openDatabase, raw } from '#atlas/src/store/database.js'
import { hamming, text } from '../support/reference.ts'
import { schema, useAtlas } from './support/atlas.ts'
import { allPages } from './support/paging.ts'
import {
  INPUT_COUNT,
  labels,
  mlps,
  regionsOf,
  spanBits,
  tokenBits,
  type ReferenceRegion,
} from './support/reference.ts'

const atlas = useAtlas({
  partitions: [
    'mlp-a/0..1@points',
    'mlp-a/1@points',
    'mlp-b/1@points',
    'tokens/0@points',
    'tokens/0@points~positions',
  ],
})
const expected = regionsOf(spanBits(mlps['mlp-a'], 0, 1))

const edge = z.object({
  cursor: z.string(),
  node: z.object({
    index: z.number(),
    memberCount: z.number(),
    activeBitCount: z.number(),
    labelEntropy: z.number(),
    purity: z.number(),
    margin: z.number(),
    code: z.object({ bits: z.string() }),
    labelCounts: z.array(z.object({ label: z.number(), className: z.string(), count: z.number() })),
    exemplar: z.object({ index: z.number() }),
    members: z.object({ totalCount: z.number(), nodes: z.array(z.object({ index: z.number() })) }),
  }),
})
const answer = z.object({
  partition: z.object({
    regions: z.object({
      totalCount: z.number(),
      edges: z.array(edge),
      pageInfo: z.object({
        hasNextPage: z.boolean(),
        hasPreviousPage: z.boolean(),
        startCursor: z.string().nullable(),
        endCursor: z.string().nullable(),
      }),
    }),
  }),
})

const QUERY = `query ($path: String!, $first: Int, $after: String, $filter: RegionFilter, $orderBy: RegionOrder) {
  partition(path: $path) { regions(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {
    totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    edges { cursor node {
      index memberCount activeBitCount labelEntropy purity margin code { bits } labelCounts { label className count }
      exemplar { index } members(first: 500) { totalCount nodes { index } }
    } }
  } }
}`

async function readRegions(variables: Record<string, unknown> = {}) {
  const data = await atlas.ask(QUERY, { path: 'mlp-a/0..1@points', first: 500, ...variables })
  return answer.parse(data).partition.regions
}

const indicesOf = (page: { edges: { node: { index: number } }[] }) => page.edges.map(({ node }) => node.index)
const active = (region: ReferenceRegion) => region.bits.filter(Boolean).length

describe('regions of a partition', () => {
  it('are those of a brute-force grouping, with their members and labels', async () => {
    const { edges, totalCount } = await readRegions()
    expect(totalCount).toBe(expected.length)
    expect(edges.length).toBeGreaterThan(20)
    for (const [i, { node }] of edges.entries()) {
      const region = expected[i]
      const counts = [...region.labelCounts].sort(([a, m], [b, n]) => n - m || a - b)
      expect(node).toMatchObject({
        index: i,
        memberCount: region.members.length,
        activeBitCount: active(region),
        code: { bits: region.code },
        labelCounts: counts.map(([label, count]) => ({ label, className: `class ${label}`, count })),
        members: { totalCount: region.members.length, nodes: region.members.map((index) => ({ index })) },
      })
      expect(node.labelEntropy).toBeCloseTo(region.entropy, 12)
      expect(node.purity).toBeCloseTo(counts[0][1] / region.members.length, 12)
      expect(region.members).toContain(node.exemplar.index)
      expect(node.margin).toBeGreaterThan(0)
    }
  })

  it('are paged in every order without gap or repetition', async () => {
    const members = (region: ReferenceRegion) => region.members.length
    const entropy = (region: ReferenceRegion) => region.entropy
    const orders: [string, (a: ReferenceRegion, b: ReferenceRegion) => number][] = [
      ['INDEX_ASC', (a, b) => a.index - b.index],
      ['MEMBER_COUNT_ASC', (a, b) => members(a) - members(b) || a.index - b.index],
      ['MEMBER_COUNT_DESC', (a, b) => members(b) - members(a) || b.index - a.index],
      ['LABEL_ENTROPY_ASC', (a, b) => entropy(a) - entropy(b) || a.index - b.index],
      ['LABEL_ENTROPY_DESC', (a, b) => entropy(b) - entropy(a) || b.index - a.index],
      ['ACTIVE_BITS_ASC', (a, b) => active(a) - active(b) || a.index - b.index],
      ['ACTIVE_BITS_DESC', (a, b) => active(b) - active(a) || b.index - a.index],
    ]
    for (const [orderBy, compare] of orders) {
      const pages = await allPages((after) => readRegions({ first: 7, after, orderBy }))
      const wanted = [...expected].sort(compare).map(({ index }) => index)
      expect([orderBy, pages.flatMap(indicesOf)]).toEqual([orderBy, wanted])
      expect(pages.map((page) => page.pageInfo.hasPreviousPage)).toEqual(pages.map((_, i) => i > 0))
      expect(pages.map((page) => page.totalCount)).toEqual(pages.map(() => expected.length))
      for (const { edges, pageInfo } of pages)
        expect([pageInfo.startCursor, pageInfo.endCursor]).toEqual([edges[0].cursor, edges.at(-1)?.cursor])
    }
  })

  it('are filtered by members, entropy, label and bits, together', async () => {
    const large = expected.filter(({ members }) => members.length >= 2 && members.length <= 5)
    const sized = await readRegions({ filter: { memberCount: { min: 2, max: 5 } } })
    expect(indicesOf(sized)).toEqual(large.map(({ index }) => index))
    expect(sized.totalCount).toBe(large.length)

    // The unit of each layer that divides the regions most evenly.
    const evenness = (bit: number) =>
      -Math.abs(expected.filter(({ bits }) => bits[bit]).length - expected.length / 2)
    const divider = (from: number, count: number) =>
      Array.from({ length: count }, (_, i) => from + i).reduce((a, b) => (evenness(b) > evenness(a) ? b : a))
    const [first, second] = [divider(0, 16), divider(16, 10)]
    const bits = [
      { layer: 0, unit: first, value: true },
      { layer: 1, unit: second - 16, value: false },
    ]
    const matching = expected.filter((region) => region.bits[first] && !region.bits[second])
    expect(matching.length).toBeGreaterThan(0)
    expect(matching.length).toBeLessThan(expected.length)
    expect(indicesOf(await readRegions({ filter: { bits } }))).toEqual(matching.map(({ index }) => index))

    const mixed = matching.filter(({ entropy }) => entropy > 0.5)
    expect(indicesOf(await readRegions({ filter: { bits, labelEntropy: { min: 0.5001 } } }))).toEqual(
      mixed.map(({ index }) => index),
    )
    const topLabel = (region: ReferenceRegion) =>
      [...region.labelCounts].sort(([a, m], [b, n]) => n - m || a - b)[0][0]
    expect(indicesOf(await readRegions({ filter: { label: 1 } }))).toEqual(
      expected.filter((region) => topLabel(region) === 1).map(({ index }) => index),
    )
  })

  it('are filtered by bits that other codes are too short for, however Postgres goes about it', async () => {
    const db = openDatabase(atlas.db.url, { connections: 1 })
    const contexts = createContextFactory(db)
    try {
      await db.query(raw('set enable_nestloop = off'))
      const source = `{ partition(path: "mlp-a/0..1@points") {
        regions(filter: { bits: [{ layer: 1, unit: 9, value: true }] }) { totalCount } } }`
      const answer = await graphql({ schema, source, contextValue: contexts.create() })
      const totalCount = expected.filter(({ bits }) => bits[25]).length
      expect(JSON.parse(JSON.stringify(answer))).toEqual({ data: { partition: { regions: { totalCount } } } })
    } finally {
      await contexts.close()
      await db.close()
    }
  })

  it('tell their mean label entropy over the sites', async () => {
    const { partition } = z
      .object({ partition: z.object({ labelEntropy: z.number(), regionCount: z.number() }) })
      .parse(await atlas.ask('{ partition(path: "mlp-a/0..1@points") { labelEntropy regionCount } }'))
    const sum = expected.reduce((sum, region) => sum + region.members.length * region.entropy, 0)
    expect(partition.labelEntropy).toBeCloseTo(sum / INPUT_COUNT, 12)
    expect(partition.regionCount).toBe(expected.length)
  })

  it('are found by their bits, as their codes are', async () => {
    const query = `query ($bits: BitString!) {
      partition(path: "mlp-a/0..1@points") { region(bits: $bits) { index code { hash } path } }
      code(bits: $bits) { hash bitCount hex regions { totalCount } }
    }`
    const { code, index, bits } = expected[5]
    const bytes = [0, 8, 16, 24].map((from) =>
      bits.slice(from, from + 8).reduce((sum, bit, i) => sum + (bit ? 2 ** i : 0), 0),
    )
    const found = await atlas.ask(query, { bits: code })
    const { hash } = z
      .object({ code: z.object({ hash: z.string().regex(/^[0-9a-f]{32}$/) }) })
      .parse(found).code
    expect(found).toEqual({
      partition: { region: { index, code: { hash }, path: `mlp-a/0..1@points/${hash}` } },
      code: { hash, bitCount: 26, hex: Buffer.from(bytes).toString('hex'), regions: { totalCount: 1 } },
    })
    const codes = expected.map((region) => region.code)
    const absent = text(bits.map((bit, i) => bit !== i < 13))
    expect(codes).not.toContain(absent)
    expect(await atlas.ask(query, { bits: absent })).toEqual({ partition: { region: null }, code: null })
  })

  it('of positions have one member a site', async () => {
    const { edges } = await readRegions({ path: 'tokens/0@points~positions' })
    const sites = tokenBits.flatMap((positions, input) =>
      positions.map((bits) => ({ input, code: text(bits) })),
    )
    const distinct = [...new Set(sites.map(({ code }) => code))]
    expect(edges.map(({ node }) => node.code.bits)).toEqual(distinct)
    for (const [i, code] of distinct.entries())
      expect(edges[i].node.members.nodes.map(({ index }) => index)).toEqual(
        sites.filter((site) => site.code === code).map(({ input }) => input),
      )
  })

  it('share codes with those of other networks and layers', async () => {
    const answer = z.object({
      partition: z.object({
        regions: z.object({
          nodes: z.array(
            z.object({
              code: z.object({ bits: z.string(), regions: z.object({ totalCount: z.number() }) }),
              sharedWith: z.object({
                totalCount: z.number(),
                nodes: z.array(z.object({ code: z.object({ bits: z.string() }), path: z.string() })),
              }),
            }),
          ),
        }),
      }),
    })
    const { partition } = answer.parse(
      await atlas.ask(`{ partition(path: "mlp-a/1@points") { regions { nodes {
        code { bits regions { totalCount } } sharedWith { totalCount nodes { code { bits } path } } } } } }`),
    )
    const own = regionsOf(spanBits(mlps['mlp-a'], 1, 1)).map(({ code }) => code)
    const others = regionsOf(spanBits(mlps['mlp-b'], 1, 1)).map(({ code }) => code)
    expect(own.filter((code) => others.includes(code)).length).toBeGreaterThan(0)
    expect(partition.regions.nodes.map(({ code, sharedWith }) => [code.bits, sharedWith.totalCount])).toEqual(
      own.map((code) => [code, others.includes(code) ? 1 : 0]),
    )
    for (const { code, sharedWith } of partition.regions.nodes) {
      expect(code.regions.totalCount).toBe(1 + sharedWith.totalCount)
      for (const node of sharedWith.nodes)
        expect(node).toEqual({
          code: { bits: code.bits },
          path: expect.stringContaining('mlp-b/1..1@points/'),
        })
    }
  })
})

describe('what a query of regions gets wrong', () => {
  const regions = (args: string, path = 'mlp-a/0..1@points') =>
    atlas.codeOf(`{ partition(path: "${path}") { regions(${args}) { nodes { index } totalCount } } }`)

  it('comes back with a code', async () => {
    expect(await regions('first: 501')).toBe('TOO_MANY_REQUESTED')
    expect(await regions('first: -1')).toBe('BAD_FIRST')
    expect(await regions('after: "nonsense"')).toBe('BAD_CURSOR')
    expect(await regions(`after: "${Buffer.from('["x"]').toString('base64url')}"`)).toBe('BAD_CURSOR')
    expect(await regions('filter: { bits: [{ layer: 2, unit: 0, value: true }] }')).toBe('BAD_ARGUMENT')
    expect(await regions('filter: { bits: [{ layer: 1, unit: 10, value: true }] }')).toBe('BAD_ARGUMENT')
    expect(await regions('filter: { bits: [{ layer: 1, unit: -1, value: true }] }')).toBe('BAD_ARGUMENT')
    expect(await regions('filter: { bits: [{ layer: 0, unit: 0, position: 1, value: true }] }')).toBe(
      'BAD_ARGUMENT',
    )
    expect(
      await regions(
        'filter: { bits: [{ layer: 0, unit: 0, position: 1, value: true }] }',
        'tokens/0@points~positions',
      ),
    ).toBe('BAD_ARGUMENT')
    expect(
      await atlas.codeOf('{ partition(path: "mlp-a/0..1@points") { region(bits: "01") { index } } }'),
    ).toBe('BAD_ARGUMENT')
  })

  it('is told even where only the count is asked for', async () => {
    expect(await atlas.codeOf('{ datasets(first: 501) { totalCount } }')).toBe('TOO_MANY_REQUESTED')
  })

  it('takes a position under WHOLE_INPUT where the layer has several', async () => {
    const { edges } = await readRegions({
      path: 'tokens/0@points',
      filter: { bits: [{ layer: 0, unit: 2, position: 1, value: true }] },
    })
    const codes = regionsOf(tokenBits.map((positions) => positions.flat())).filter(({ bits }) => bits[5])
    expect(edges.map(({ node }) => node.code.bits)).toEqual(codes.map(({ code }) => code))
  })
})

describe('inputs of a dataset', () => {
  it('are filtered by label and counted so', async () => {
    const query =
      '{ dataset(name: "points") { inputs(first: 500, label: 1) { totalCount nodes { index label } } } }'
    const wanted = labels.flatMap((label, index) => (label === 1 ? [{ index, label }] : []))
    expect(await atlas.ask(query)).toEqual({
      dataset: { inputs: { totalCount: wanted.length, nodes: wanted } },
    })
  })

  it('give 20 where `first` is null', async () => {
    const data = z
      .object({ dataset: z.object({ inputs: z.object({ nodes: z.array(z.unknown()) }) }) })
      .parse(await atlas.ask('{ dataset(name: "points") { inputs(first: null) { nodes { index } } } }'))
    expect(data.dataset.inputs.nodes).toHaveLength(20)
  })
})

describe('the reference', () => {
  it('is not trivial: its regions differ in size, and lie at many distances', () => {
    expect(new Set(expected.map(({ members }) => members.length)).size).toBeGreaterThan(3)
    expect(new Set(expected.map(({ bits }) => hamming(bits, expected[0].bits))).size).toBeGreaterThan(3)
  })
})
