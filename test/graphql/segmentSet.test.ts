import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { sql } from '#atlas/src/store/database.js'
import { runJobs, useAtlas } from './support/atlas.ts'
import { allPages } from './support/paging.ts'
import { INPUT_COUNT, labels } from './support/reference.ts'

const SET = 'mlp-b/0..1@points/segments:90:1'
const LATE = 'mlp-b/1..1@points/segments:20:3'
const atlas = useAtlas({ partitions: [], segmentSets: [SET, LATE] })

const WALK = `mutation ($input: WalkSegmentsInput!) { walkSegments(input: $input) {
  segmentSet { path pairs seed sampled pairCount segmentCount computedAt
    segments { totalCount nodes { index } } groups { totalCount } }
  job { id kind state } } }`

const walked = z.object({
  walkSegments: z.object({
    segmentSet: z.looseObject({ path: z.string(), computedAt: z.string().nullable() }),
    job: z.object({ id: z.string(), kind: z.string(), state: z.string() }).nullable(),
  }),
})

async function walkSegments(input: object) {
  return walked.parse(await atlas.ask(WALK, { input: { network: 'mlp-b', dataset: 'points', ...input } }))
    .walkSegments
}

const end = z.object({ path: z.string(), index: z.number(), label: z.number() })
const segmentNode = z.object({
  index: z.number(),
  length: z.number(),
  regionCount: z.number(),
  endpointHammingDistance: z.number(),
  predictionChanges: z.number(),
  boundaryDensity: z.number().nullable(),
  endpointDensity: z.number().nullable(),
  from: end,
  to: end,
})
const page = z.object({
  segmentSet: z.object({
    segments: z.object({
      totalCount: z.number(),
      pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
      nodes: z.array(segmentNode),
    }),
  }),
})

const SEGMENTS = `query ($path: String!, $first: Int, $after: String, $filter: SegmentFilter, $orderBy: SegmentOrder) {
  segmentSet(path: $path) { segments(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {
    totalCount pageInfo { hasNextPage endCursor }
    nodes { index length regionCount endpointHammingDistance predictionChanges boundaryDensity endpointDensity
      from { path index label } to { path index label } } } } }`

/** All segments under a filter, in an order, and their number as the first page tells it. */
async function segmentsOf(path: string, variables: object = {}) {
  const pages = await allPages(
    async (after) =>
      page.parse(await atlas.ask(SEGMENTS, { path, first: 17, after, ...variables })).segmentSet.segments,
  )
  const nodes = pages.flatMap(({ nodes }) => nodes)
  expect(nodes).toHaveLength(pages[0].totalCount)
  return nodes
}

describe('a segment set', () => {
  it.each([
    [SET, 0],
    [LATE, 1],
  ])('%s has the rows that `segment` answers for each pair', async (path, fromLayer) => {
    const query = `query ($from: ID!, $to: ID!, $fromLayer: Int) { segment(network: "mlp-b", from: { input: $from },
      to: { input: $to }, fromLayer: $fromLayer) { length regionCount endpointHammingDistance boundaryDensity
        endpointDensity predictions { label } } }`
    const alone = z.object({
      segment: z.object({
        length: z.number(),
        regionCount: z.number(),
        endpointHammingDistance: z.number(),
        boundaryDensity: z.number(),
        endpointDensity: z.number(),
        predictions: z.array(z.object({})),
      }),
    })
    const nodes = await segmentsOf(path)
    for (const { index, from, to, predictionChanges, ...found } of nodes) {
      const { segment } = alone.parse(await atlas.ask(query, { from: from.path, to: to.path, fromLayer }))
      const { predictions, ...counted } = segment
      expect(predictionChanges, `segment ${index}`).toBe(predictions.length - 1)
      expect(found).toEqual({
        ...counted,
        length: expect.closeTo(counted.length, 9),
        boundaryDensity: found.length === 0 ? null : expect.closeTo(counted.boundaryDensity, 9),
        endpointDensity: found.length === 0 ? null : expect.closeTo(counted.endpointDensity, 9),
      })
    }
    expect(new Set(nodes.map(({ predictionChanges }) => predictionChanges)).size).toBeGreaterThan(1)
  })

  it('has half of its pairs within labels and half between, each half shared evenly', async () => {
    const nodes = await segmentsOf(SET)
    expect(nodes.map(({ index }) => index)).toEqual(Array.from({ length: 90 }, (_, i) => i))
    expect(new Set(nodes.map(({ from, to }) => `${from.index},${to.index}`)).size).toBe(90)
    const counts = new Map<string, number>()
    for (const { from, to } of nodes) {
      expect([from.label, to.label]).toEqual([labels[from.index], labels[to.index]])
      const key = `${from.label},${to.label}`
      counts.set(key, (counts.get(key) ?? 0) + 1)
    }
    const sizes = [0, 1, 2, 3].map((label) => labels.filter((other) => other === label).length)
    const strata = [0, 1, 2, 3].flatMap((a) =>
      [0, 1, 2, 3].slice(a).map((b) => ({
        within: a === b,
        room: a === b ? (sizes[a] * (sizes[a] - 1)) / 2 : sizes[a] * sizes[b],
        count: counts.get(`${a},${b}`) ?? 0,
      })),
    )
    for (const within of [true, false]) {
      const half = strata.filter((stratum) => stratum.within === within)
      expect(half.reduce((sum, { count }) => sum + count, 0)).toBe(45)
      const most = Math.max(...half.map(({ count }) => count))
      for (const { room, count } of half) expect(count).toBeGreaterThanOrEqual(Math.min(room, most - 1))
    }
  })

  it('summarizes its segments by group', async () => {
    const estimate = z.object({ mean: z.number(), low: z.number(), high: z.number() })
    const answer = z.object({
      segmentSet: z.object({
        groups: z.object({
          totalCount: z.number(),
          nodes: z.array(
            z.object({
              kind: z.string(),
              labelA: z.number().nullable(),
              labelB: z.number().nullable(),
              count: z.number(),
              zeroLengthCount: z.number(),
              regionCount: estimate,
              predictionChanges: estimate,
              boundaryDensity: estimate,
              endpointDensity: estimate,
            }),
          ),
        }),
      }),
    })
    const { groups } = answer.parse(
      await atlas.ask(
        `query ($path: String!) { segmentSet(path: $path) { groups { totalCount nodes { kind labelA labelB count
          zeroLengthCount regionCount { ...E } predictionChanges { ...E } boundaryDensity { ...E }
          endpointDensity { ...E } } } } } fragment E on Estimate { mean low high }`,
        { path: SET },
      ),
    ).segmentSet
    const nodes = await segmentsOf(SET)
    expect(groups.nodes.map(({ kind }) => kind).slice(0, 3)).toEqual(['WITHIN', 'BETWEEN', 'LABELS'])
    expect(groups.nodes).toHaveLength(groups.totalCount)
    for (const { kind, labelA, labelB, ...group } of groups.nodes) {
      const members = nodes.filter(({ from, to }) => {
        if (kind === 'LABELS') return from.label === labelA && to.label === labelB
        return (from.label === to.label) === (kind === 'WITHIN')
      })
      expect(group.count).toBe(members.length)
      expect(group.zeroLengthCount).toBe(0)
      for (const field of [
        'regionCount',
        'predictionChanges',
        'boundaryDensity',
        'endpointDensity',
      ] as const) {
        const mean = members.reduce((sum, member) => sum + (member[field] ?? NaN), 0) / members.length
        const { low, high, ...found } = group[field]
        expect(found.mean).toBeCloseTo(mean, 9)
        expect(low).toBeLessThanOrEqual(mean + 1e-9)
        expect(high).toBeGreaterThanOrEqual(mean - 1e-9)
      }
    }
    const labelsAlone = await atlas.ask(
      `query ($path: String!) { segmentSet(path: $path) { groups(kind: LABELS) { totalCount } } }`,
      { path: SET },
    )
    expect(labelsAlone).toEqual({ segmentSet: { groups: { totalCount: groups.totalCount - 2 } } })
  })

  it('filters its segments', async () => {
    const nodes = await segmentsOf(SET)
    const indices = (rows: typeof nodes) => rows.map(({ index }) => index)
    const filtered = async (filter: object) => indices(await segmentsOf(SET, { filter }))
    const wanted = (keep: (a: number, b: number) => boolean) =>
      indices(nodes.filter(({ from, to }) => keep(from.label, to.label)))
    expect(await filtered({ kind: 'WITHIN' })).toEqual(wanted((a, b) => a === b))
    expect(await filtered({ kind: 'BETWEEN' })).toEqual(wanted((a, b) => a !== b))
    expect(await filtered({ labels: [1] })).toEqual(wanted((a, b) => a === 1 || b === 1))
    expect(await filtered({ labels: [1, 0] })).toEqual(wanted((a, b) => a === 0 && b === 1))
    expect(await filtered({ labels: [0, 0] })).toEqual(wanted((a, b) => a === 0 && b === 0))
    expect(await filtered({ labels: [1], kind: 'BETWEEN' })).toEqual(
      wanted((a, b) => a !== b && (a === 1 || b === 1)),
    )
    expect(await filtered({ kind: 'ALL' })).toEqual([])
  })

  it.each([
    ['LENGTH_ASC', 'length', 1],
    ['LENGTH_DESC', 'length', -1],
    ['REGION_COUNT_ASC', 'regionCount', 1],
    ['REGION_COUNT_DESC', 'regionCount', -1],
    ['BOUNDARY_DENSITY_ASC', 'boundaryDensity', 1],
    ['BOUNDARY_DENSITY_DESC', 'boundaryDensity', -1],
  ] as const)('orders them %s over its pages', async (orderBy, field, sign) => {
    const nodes = await segmentsOf(SET)
    const by = (node: (typeof nodes)[number]) => node[field] ?? NaN
    const expected = [...nodes].sort((a, b) => sign * (by(a) - by(b) || a.index - b.index))
    expect((await segmentsOf(SET, { orderBy })).map(({ index }) => index)).toEqual(
      expected.map(({ index }) => index),
    )
  })

  it('is in the list of its network', async () => {
    const query = '{ network(name: "mlp-b") { segmentSets(first: 2) { nodes { path sampled } } } }'
    expect(await atlas.ask(query)).toEqual({
      network: {
        segmentSets: {
          nodes: [
            { path: SET, sampled: true },
            { path: LATE, sampled: true },
          ],
        },
      },
    })
  })
})

describe('walkSegments', () => {
  it('asks once for one choice, and shows nothing before it is computed', async () => {
    const first = await walkSegments({ pairs: 70, seed: 9 })
    expect(first).toMatchObject({
      segmentSet: {
        path: 'mlp-b/0..1@points/segments:70:9',
        pairs: 70,
        seed: 9,
        sampled: true,
        pairCount: (INPUT_COUNT * (INPUT_COUNT - 1)) / 2,
        segmentCount: 70,
        computedAt: null,
        segments: { totalCount: 0, nodes: [] },
        groups: { totalCount: 0 },
      },
      job: { kind: 'segments', state: 'QUEUED' },
    })
    expect((await walkSegments({ pairs: 70, seed: 9, fromLayer: 0, toLayer: 1 })).job).toEqual(first.job)
    await runJobs(atlas.db)
    const after = await walkSegments({ pairs: 70, seed: 9 })
    expect(after).toMatchObject({ job: null, segmentSet: { segments: { totalCount: 70 } } })
    expect(after.segmentSet.computedAt).not.toBeNull()
  })

  it.each([
    ['UNKNOWN_NETWORK', { network: 'nobody' }],
    ['UNKNOWN_DATASET', { dataset: 'nothing' }],
    ['BAD_SPAN', { toLayer: 2 }],
    ['BAD_SPAN', { fromLayer: 1, toLayer: 0 }],
    ['BAD_ARGUMENT', { pairs: 0 }],
    ['BAD_ARGUMENT', { pairs: 1_000_001 }],
    ['BAD_ARGUMENT', { seed: -1 }],
  ])('says %s', async (code, rest) => {
    const input = { network: 'mlp-b', dataset: 'points', ...rest }
    expect(await atlas.codeOf(WALK, { input })).toBe(code)
  })

  it('refuses an approximate network with the reason', async () => {
    await atlas.db.query(
      sql`update network set exactness = 'APPROXIMATE', approximations = array['Node "s" is a Sigmoid.']
          where name = 'tokens'`,
    )
    const input = { network: 'tokens', dataset: 'points' }
    expect(await atlas.errorsOf(WALK, { input })).toEqual([
      {
        code: 'NOT_PIECEWISE_AFFINE',
        message: 'Exact geometry needs a piecewise affine network. Node "s" is a Sigmoid.',
        path: ['walkSegments'],
      },
    ])
  })

  it.each([[[]], [[1, 2, 3]]])('says BAD_ARGUMENT for the labels %j', async (given) => {
    expect(await atlas.codeOf(SEGMENTS, { path: SET, filter: { labels: given } })).toBe('BAD_ARGUMENT')
  })
})

it('gives segments of no length no density, and the last places in the orders by density', async () => {
  await atlas.db.query(
    sql`update segment set length = 0, region_count = 1, endpoint_distance = 0
        where index in (4, 9) and set_id = (select id from segment_set where pairs = 20)`,
  )
  for (const orderBy of ['BOUNDARY_DENSITY_ASC', 'BOUNDARY_DENSITY_DESC']) {
    const nodes = await segmentsOf(LATE, { orderBy })
    expect(nodes).toHaveLength(20)
    const last = nodes.slice(-2)
    expect(last.map(({ index }) => index).sort()).toEqual([4, 9])
    for (const node of last) expect(node).toMatchObject({ boundaryDensity: null, endpointDensity: null })
    expect(nodes.slice(0, -2).every(({ boundaryDensity }) => boundaryDensity !== null)).toBe(true)
  }
})

describe('the profile of a group', () => {
  const estimate = z.object({ mean: z.number(), low: z.number(), high: z.number() })
  const beside = { boundaryDensity: estimate, baseline: estimate }
  const answer = z.object({
    segmentSet: z.object({
      groups: z.object({
        nodes: z.tuple([
          z.object({
            profile: z.array(
              z.object({
                from: z.number(),
                to: z.number(),
                boundaryDensity: estimate,
                changeShare: z.number(),
              }),
            ),
            atChange: z.object({ count: z.number(), ...beside, elsewhere: estimate }),
            aroundChange: z.object({
              count: z.number(),
              distances: z.array(z.object({ distance: z.number(), ...beside })),
            }),
          }),
        ]),
      }),
    }),
  })
  const one = z.object({
    segment: z.object({
      boundaryDensity: z.number(),
      predictions: z.array(z.object({ from: z.number() })),
      profile: z.array(z.object({ boundaryDensity: z.number() })),
    }),
  })

  it('is the mean of those of its segments', async () => {
    const segments = (await segmentsOf(SET, { filter: { kind: 'BETWEEN' } })).filter(
      ({ length }) => length > 0,
    )
    const walks: z.infer<typeof one>['segment'][] = []
    for (const { from, to } of segments) {
      const found = await atlas.ask(
        `query ($from: ID!, $to: ID!) { segment(network: "mlp-b", from: { input: $from }, to: { input: $to }) {
          boundaryDensity predictions { from } profile(bins: 20) { boundaryDensity } } }`,
        { from: from.path, to: to.path },
      )
      walks.push(one.parse(found).segment)
    }
    const [{ profile, atChange, aroundChange }] = answer.parse(
      await atlas.ask(
        `query ($path: String!) { segmentSet(path: $path) { groups(kind: BETWEEN) { nodes {
          profile { from to changeShare boundaryDensity { mean low high } }
          atChange { count boundaryDensity { mean low high } elsewhere { mean low high } baseline { mean low high } }
          aroundChange { count distances { distance boundaryDensity { mean low high } baseline { mean low high } } }
        } } } }`,
        { path: SET },
      ),
    ).segmentSet.groups.nodes
    const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
    const binOf = (walk: (typeof walks)[number]) => {
      const change = walk.predictions.at(1)?.from
      return change === undefined ? -1 : Math.min(19, Math.floor(20 * change))
    }
    expect(profile.map(({ from, to }) => [from, to])).toEqual(
      Array.from({ length: 20 }, (_, i) => [i / 20, (i + 1) / 20]),
    )
    profile.forEach(({ boundaryDensity, changeShare }, bin) => {
      expect(boundaryDensity.mean).toBeCloseTo(
        mean(walks.map((walk) => walk.profile[bin].boundaryDensity)),
        9,
      )
      expect(changeShare).toBeCloseTo(mean(walks.map((walk) => Number(binOf(walk) === bin))), 12)
    })
    const changing = walks.filter((walk) => binOf(walk) >= 0)
    expect(atChange.count).toBe(changing.length)
    expect(changing.length).toBeGreaterThan(5)
    const own = changing.map((walk) => walk.profile[binOf(walk)].boundaryDensity)
    expect(atChange.boundaryDensity.mean).toBeCloseTo(mean(own), 9)
    const others = changing.map((walk, i) => (20 * walk.boundaryDensity - own[i]) / 19)
    expect(atChange.elsewhere.mean).toBeCloseTo(mean(others), 9)
    expect(atChange.baseline.low).toBeLessThanOrEqual(atChange.baseline.mean)
    const once = walks.filter(({ predictions }) => predictions.length === 2)
    expect(aroundChange.count).toBe(once.length)
    expect(once.length).toBeGreaterThan(5)
    expect(aroundChange.distances.map(({ distance }) => distance)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    for (const { distance, boundaryDensity, baseline } of aroundChange.distances) {
      const atDistance = (walk: (typeof walks)[number]) =>
        walk.profile.filter((_, bin) => Math.abs(bin - binOf(walk)) === distance)
      const own = once.map((walk) => mean(atDistance(walk).map((bin) => bin.boundaryDensity)))
      expect(boundaryDensity.mean).toBeCloseTo(mean(own), 9)
      expect(baseline.low).toBeLessThanOrEqual(baseline.high)
    }
  })
})
