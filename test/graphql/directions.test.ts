import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { openDatabase } from '#atlas/src/store/database.js'
import { forwardMlp } from '../support/onnx.ts'
import { runJobs, useAtlas } from './support/atlas.ts'
import {
  entropyOf,
  INPUT_COUNT,
  labels,
  mlps,
  regionsOf,
  samples,
  spanBits,
  tokenBias,
  tokenWeights,
} from './support/reference.ts'

const FIRST = 'mlp-a/0..0@points'
const SPAN = 'mlp-a/0..1@points'
const TOKENS = 'tokens/0..0@points~positions'

const atlas = useAtlas({ partitions: [FIRST, SPAN, TOKENS], clusterings: [SPAN] })

const MEASURE = `mutation ($input: MeasureDirectionsInput!) { measureDirections(input: $input) {
  directionSet { id path computedAt dimensions components seed } job { kind state } } }`
const payload = z.object({
  measureDirections: z.object({
    directionSet: z.looseObject({ id: z.string(), path: z.string(), computedAt: z.string().nullable() }),
    job: z.object({ kind: z.string(), state: z.string() }).nullable(),
  }),
})
const measure = async (input: Record<string, unknown>) =>
  payload.parse(await atlas.ask(MEASURE, { input })).measureDirections

const statistics = z.object({
  labelEntropy: z.number().nullable(),
  leastLabelEntropy: z.number().nullable(),
  purity: z.number().nullable(),
  mutualInformation: z.number().nullable(),
  family: z.string(),
  directionCount: z.number(),
  matchedShare: z.number(),
})
const setSchema = z.object({
  entity: z.object({
    factorError: z.number(),
    factorRounds: z.number(),
    principal: z.array(z.object({ index: z.number(), share: z.number(), values: z.array(z.number()) })),
    factors: z.array(z.object({ share: z.null(), values: z.array(z.number()) })),
    means: z.array(z.object({ index: z.number(), values: z.array(z.number()) })),
    monosemanticity: z.array(
      z.object({
        clustering: z.object({ path: z.string() }).nullable(),
        ...{ setCount: z.number(), siteCount: z.number() },
        ...{ labelEntropy: z.number(), purity: z.number(), mutualInformation: z.number() },
        directions: z.array(statistics),
      }),
    ),
  }),
})
async function readSet(path: string) {
  const answer = await atlas.ask(
    `query ($path: String!) { entity(path: $path) { ... on DirectionSet { factorError factorRounds
      principal: directions(kind: PRINCIPAL_COMPONENT) { index share values }
      factors: directions(kind: NON_NEGATIVE_FACTOR) { share values }
      means: directions(kind: CLASS_MEAN) { index values }
      monosemanticity { clustering { path } setCount siteCount labelEntropy purity mutualInformation
        directions { family directionCount matchedShare labelEntropy leastLabelEntropy purity mutualInformation } }
    } } }`,
    { path },
  )
  return setSchema.parse(answer).entity
}

/** What a gate puts out. */
const on = (value: number) => Math.max(0, value)
const activationsOf = (layers: number) =>
  samples.map((sample) =>
    forwardMlp(mlps['mlp-a'], sample)
      .preActivations.slice(0, layers)
      .flatMap((layer) => layer.map(on)),
  )

/** Mean over columns of the entropy of the labels at the m greatest activations. */
function topEntropy(
  activations: readonly (readonly number[])[],
  labelOf: (site: number) => number,
  m: number,
) {
  const entropies = activations[0].flatMap((_, column) => {
    const sites = [...activations.keys()]
      .filter((site) => activations[site][column] > 0)
      .sort((x, y) => activations[y][column] - activations[x][column] || x - y)
    if (sites.length < m) return []
    const counts = new Map<number, number>()
    for (const site of sites.slice(0, m)) counts.set(labelOf(site), (counts.get(labelOf(site)) ?? 0) + 1)
    return [entropyOf([...counts.values()])]
  })
  return entropies.reduce((sum, value) => sum + value, 0) / entropies.length
}

beforeAll(async () => {
  await measure({ partition: FIRST, components: 2 })
  await measure({ partition: SPAN, components: 4 })
  await measure({ partition: TOKENS })
  await runJobs(atlas.db)
})

describe('measureDirections', () => {
  it('gives the set and the job that computes it, and the same one again', async () => {
    const first = await measure({ partition: SPAN, seed: 2 })
    expect(first).toMatchObject({
      directionSet: {
        path: `${SPAN}/directions:26:2`,
        computedAt: null,
        dimensions: 26,
        components: 26,
        seed: 2,
      },
      job: { kind: 'directions', state: 'QUEUED' },
    })
    expect(await measure({ partition: SPAN, seed: 2 })).toEqual(first)
    await runJobs(atlas.db)
    const again = await measure({ partition: SPAN, components: 26, seed: 2 })
    expect(again).toMatchObject({ directionSet: { id: first.directionSet.id }, job: null })
    expect(again.directionSet.computedAt).not.toBeNull()
  })

  it.each([
    ['UNKNOWN_PARTITION', { partition: 'mlp-b/0..0@points' }],
    ['BAD_ARGUMENT', { partition: SPAN, components: 0 }],
    ['BAD_ARGUMENT', { partition: SPAN, components: 27 }],
    ['BAD_ARGUMENT', { partition: SPAN, seed: -1 }],
  ])('says %s', async (code, input) => {
    expect(await atlas.codeOf(MEASURE, { input })).toBe(code)
  })
})

describe('a direction set', () => {
  it('has the mean activation of each class', async () => {
    const { means } = await readSet(`${FIRST}/directions:2:1`)
    const activations = activationsOf(1)
    expect(means.map(({ index }) => index)).toEqual([...new Set(labels)].sort((a, b) => a - b))
    for (const { index, values } of means) {
      const own = activations.filter((_, input) => labels[input] === index)
      values.forEach((value, unit) =>
        expect(value).toBeCloseTo(own.reduce((sum, row) => sum + row[unit], 0) / own.length, 5),
      )
    }
  })

  it('has components of length 1 by falling variance, and factors without negative entries', async () => {
    const { principal, factors, factorError, factorRounds } = await readSet(`${SPAN}/directions:4:1`)
    expect(principal.map(({ index }) => index)).toEqual([0, 1, 2, 3])
    const shares = principal.map(({ share }) => share)
    expect(shares).toEqual([...shares].sort((a, b) => b - a))
    expect(shares.reduce((a, b) => a + b)).toBeLessThan(1)
    for (const { values } of [...principal, ...factors]) expect(Math.hypot(...values)).toBeCloseTo(1, 5)
    expect(Math.min(...factors.flatMap(({ values }) => values))).toBeGreaterThanOrEqual(0)
    expect(factorError).toBeGreaterThan(0)
    expect(factorError).toBeLessThan(0.5)
    expect(factorRounds).toBeGreaterThan(0)
  })

  it('stands beside the regions of two sites or more, and the clusters', async () => {
    const { monosemanticity } = await readSet(`${SPAN}/directions:4:1`)
    const regions = regionsOf(spanBits(mlps['mlp-a'], 0, 1)).filter(({ members }) => members.length > 1)
    const sites = regions.reduce((sum, { members }) => sum + members.length, 0)
    expect(regions.length).toBeGreaterThan(3)
    const [own, clusters] = monosemanticity
    expect(own).toMatchObject({ clustering: null, setCount: regions.length, siteCount: sites })
    const bySites = (of: (region: (typeof regions)[number]) => number) =>
      regions.reduce((sum, region) => sum + region.members.length * of(region), 0) / sites
    expect(own.labelEntropy).toBeCloseTo(
      bySites(({ entropy }) => entropy),
      12,
    )
    const activations = activationsOf(2)
    const [unit, , , chance] = own.directions
    expect(unit).toMatchObject({ family: 'UNIT', matchedShare: 1 })
    expect(unit.labelEntropy).toBeCloseTo(
      bySites(({ members }) => topEntropy(activations, (site) => labels[site], members.length)),
      5,
    )
    expect(chance).toMatchObject({ family: 'CHANCE', directionCount: 32, matchedShare: 1 })
    expect(chance.mutualInformation).toBeLessThan(own.mutualInformation)
    expect(clusters.clustering).toEqual({ path: `${SPAN}/clusters:hamming:2:1` })
    const [{ labelEntropy }] = z
      .array(z.object({ labelEntropy: z.number() }))
      .parse(await atlas.db.prisma.clustering.findMany())
    expect(clusters.labelEntropy).toBeCloseTo(labelEntropy, 9)
  })

  it('of positions has one site for each, with the label of its input', async () => {
    const { means, monosemanticity } = await readSet(`${TOKENS}/directions:3:1`)
    const sites = samples.flatMap((sample) =>
      [0, 1].map((token) =>
        [0, 1, 2].map((unit) =>
          on(
            [0, 1, 2].reduce(
              (sum, i) => sum + sample[3 * token + i] * tokenWeights[3 * i + unit],
              tokenBias[unit],
            ),
          ),
        ),
      ),
    )
    const own = sites.filter((_, site) => labels[Math.floor(site / 2)] === 0)
    means[0].values.forEach((value, unit) =>
      expect(value).toBeCloseTo(own.reduce((sum, row) => sum + row[unit], 0) / own.length, 5),
    )
    const [regions] = monosemanticity
    expect(regions.siteCount).toBeLessThanOrEqual(2 * INPUT_COUNT)
    expect(regions.siteCount).toBeGreaterThan(INPUT_COUNT)
  })

  it('has nothing before it is computed', async () => {
    await measure({ partition: FIRST, components: 5 })
    const set = await readSet(`${FIRST}/directions:5:1`)
    expect(set).toMatchObject({ principal: [], factors: [], means: [], monosemanticity: [] })
    await runJobs(atlas.db)
  })

  it('is found by its partition, and goes with it', async () => {
    const paths = await atlas.ask(`{ partition(path: "${TOKENS}") { directionSets { path } } }`)
    expect(paths).toEqual({ partition: { directionSets: [{ path: `${TOKENS}/directions:3:1` }] } })
    const other = openDatabase(atlas.db.url)
    await other.prisma.partition.deleteMany({ where: { network: { name: 'tokens' } } })
    await other.close()
    expect(await atlas.ask(`{ entity(path: "${TOKENS}/directions:3:1") { id } }`)).toEqual({ entity: null })
  })
})

describe('a sweep along stored directions', () => {
  const SWEEP = `query ($along: DirectionInput!, $layer: Int!) { sweep(network: "mlp-a", at: { input: "points/3" },
    along: $along, from: -2, to: 3, fromLayer: $layer) { unitLength regionCount crossings { alpha unit } } }`
  const sweep = (along: Record<string, unknown>, layer = 1) => atlas.ask(SWEEP, { along, layer })
  const SET = `${FIRST}/directions:2:1`

  it('is that along their values', async () => {
    const { principal, factors, means } = await readSet(SET)
    expect(await sweep({ component: { directions: SET, index: 1 } })).toEqual(
      await sweep({ values: principal[1].values }),
    )
    expect(await sweep({ component: { directions: SET, kind: 'NON_NEGATIVE_FACTOR', index: 0 } })).toEqual(
      await sweep({ values: factors[0].values }),
    )
    const difference = means[2].values.map((value, i) => value - means[0].values[i])
    expect(await sweep({ classMeans: { directions: SET, from: 0, to: 2 } })).toEqual(
      await sweep({ values: difference }),
    )
  })

  it.each([
    ['UNKNOWN_DIRECTIONS', { component: { directions: `${FIRST}/directions:7:7`, index: 0 } }],
    ['BAD_PATH', { component: { directions: FIRST, index: 0 } }],
    ['BAD_ID', { component: { directions: 'x', index: 0 } }],
    ['BAD_ARGUMENT', { component: { directions: SET, index: 2 } }],
    ['BAD_ARGUMENT', { component: { directions: SET, kind: 'CLASS_MEAN', index: 0 } }],
    ['BAD_ARGUMENT', { classMeans: { directions: SET, from: 0, to: 9 } }],
    ['BAD_ARGUMENT', { component: { directions: `${SPAN}/directions:4:1`, index: 0 } }],
    ['BAD_ARGUMENT', { classMeans: { directions: SET, from: 0, to: 1 }, random: 1 }],
  ])('says %s', async (code, along) => {
    expect(await atlas.codeOf(SWEEP, { along, layer: 1 })).toBe(code)
  })

  it('runs before the next layer alone', async () => {
    expect(await atlas.codeOf(SWEEP, { along: { component: { directions: SET, index: 0 } }, layer: 0 })).toBe(
      'BAD_ARGUMENT',
    )
  })
})
