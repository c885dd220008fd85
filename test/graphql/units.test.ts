import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { addNetwork } from '../support/atlas.ts'
import { buildModel } from '../support/onnx.ts'
import { group } from '../support/reference.ts'
import { runJobs, useAtlas } from './support/atlas.ts'
import {
  entropyOf,
  INPUT_COUNT,
  labels,
  layerBits,
  mlps,
  regionsOf,
  spanBits,
  tokenBits,
} from './support/reference.ts'

const SPAN = 'mlp-a/0..1@points'
const TOKENS = 'tokens/0..0@points~positions'
const atlas = useAtlas({
  partitions: [SPAN, TOKENS],
  clusterings: [SPAN, TOKENS],
})

const FIELDS = `index firingRate label purity labelEntropy baselineLabelEntropy mutualInformation
  baselineMutualInformation`
const unitSchema = z.object({
  index: z.number(),
  firingRate: z.number(),
  label: z.number().nullable(),
  purity: z.number(),
  labelEntropy: z.number(),
  baselineLabelEntropy: z.number(),
  mutualInformation: z.number(),
  baselineMutualInformation: z.number(),
})
const page = z.object({
  entity: z.object({
    units: z.object({
      totalCount: z.number(),
      nodes: z.array(unitSchema),
      pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
    }),
  }),
})

const QUERY = `query ($path: String!, $dataset: String!, $first: Int, $after: String, $orderBy: UnitOrder) {
  entity(path: $path) { ... on Layer { units(dataset: $dataset, first: $first, after: $after, orderBy: $orderBy) {
    totalCount nodes { ${FIELDS} } pageInfo { hasNextPage endCursor } } } } }`

const ask = async (variables: Record<string, unknown>) =>
  page.parse(await atlas.ask(QUERY, { dataset: 'points', first: 100, ...variables })).entity.units

/** Labels of the sites at which a unit fires. */
const countsOf = (of: readonly number[]) =>
  [...new Set(of)].map((label) => of.filter((x) => x === label).length)

function expectUnit(
  found: z.infer<typeof unitSchema>,
  siteLabels: readonly number[],
  fires: readonly boolean[],
) {
  const on = siteLabels.filter((_, i) => fires[i])
  const off = siteLabels.filter((_, i) => !fires[i])
  const share = on.length / siteLabels.length
  expect(found.firingRate).toBeCloseTo(share, 12)
  expect(found.labelEntropy).toBeCloseTo(entropyOf(countsOf(on)), 12)
  expect(found.mutualInformation).toBeCloseTo(
    entropyOf(countsOf(siteLabels)) -
      share * entropyOf(countsOf(on)) -
      (1 - share) * entropyOf(countsOf(off)),
    12,
  )
  const most = Math.max(0, ...countsOf(on))
  expect(found.purity).toBeCloseTo(on.length === 0 ? 1 : most / on.length, 12)
  if (on.length > 0) expect(on.filter((label) => label === found.label)).toHaveLength(most)
}

describe('the units of a layer', () => {
  it.each([0, 1])('fire as the codes of layer %i say', async (layer) => {
    const bits = layerBits(mlps['mlp-a'], layer)
    const { nodes, totalCount } = await ask({ path: `mlp-a/${layer}` })
    expect(totalCount).toBe(bits[0].length)
    expect(nodes.map(({ index }) => index)).toEqual([...bits[0].keys()])
    for (const unit of nodes)
      expectUnit(
        unit,
        labels,
        bits.map((code) => code[unit.index]),
      )
  })

  it('fire at positions, each of which has its input’s label', async () => {
    const { nodes } = await ask({ path: 'tokens/0' })
    expect(nodes).toHaveLength(3)
    const siteLabels = labels.flatMap((label) => [label, label])
    for (const unit of nodes)
      expectUnit(
        unit,
        siteLabels,
        tokenBits.flatMap((positions) => positions.map((code) => code[unit.index])),
      )
  })

  it('stand beside what chance would give', async () => {
    const { nodes } = await ask({ path: 'mlp-a/0' })
    const all = entropyOf(countsOf(labels))
    for (const { firingRate, baselineLabelEntropy, baselineMutualInformation } of nodes) {
      expect(baselineLabelEntropy).toBeLessThanOrEqual(all + 1e-12)
      if (firingRate === 1) expect(baselineLabelEntropy).toBeCloseTo(all, 12)
      if (firingRate === 0 || firingRate === 1) expect(baselineMutualInformation).toBeCloseTo(0, 12)
      else {
        // Miller's approximation of the bias, (labels - 1) / (2 n ln 2), holds to a factor here.
        const bias = (new Set(labels).size - 1) / (2 * INPUT_COUNT * Math.LN2)
        expect(baselineMutualInformation).toBeGreaterThan(bias / 4)
        expect(baselineMutualInformation).toBeLessThan(2 * bias)
      }
    }
  })

  it.each(['FIRING_RATE', 'LABEL_ENTROPY', 'MUTUAL_INFORMATION'] as const)(
    'are ordered by %s, page by page',
    async (by) => {
      const field = (
        {
          FIRING_RATE: 'firingRate',
          LABEL_ENTROPY: 'labelEntropy',
          MUTUAL_INFORMATION: 'mutualInformation',
        } as const
      )[by]
      for (const [order, sign] of [
        ['ASC', 1],
        ['DESC', -1],
      ] as const) {
        const found: z.infer<typeof unitSchema>[] = []
        for (let after: string | null = null, more = true; more;) {
          const { nodes, pageInfo } = await ask({
            path: 'mlp-a/0',
            first: 5,
            after,
            orderBy: `${by}_${order}`,
          })
          found.push(...nodes)
          after = pageInfo.endCursor
          more = pageInfo.hasNextPage
        }
        expect(new Set(found.map(({ index }) => index)).size).toBe(16)
        const values = found.map((unit) => sign * unit[field])
        expect(values).toEqual([...values].sort((x, y) => x - y))
      }
    },
  )

  it('that are windows do not fire', async () => {
    const window = { kernel_shape: [2n], strides: [2n] }
    const model = buildModel({
      inputs: { x: ['N', 2, 3] },
      nodes: [{ op: 'MaxPool', name: 'pool', inputs: ['x'], output: 'scores', attributes: window }],
      outputs: ['scores'],
    })
    await addNetwork(atlas.db, 'pool', model)
    expect(await atlas.codeOf(QUERY, { path: 'pool/0', dataset: 'points' })).toBe('BAD_ARGUMENT')
  })

  it.each([
    ['UNKNOWN_DATASET', { dataset: 'nobody' }],
    ['NOT_COMPUTED', { path: 'mlp-b/0' }],
    ['BAD_CURSOR', { after: 'nonsense' }],
    ['BAD_CURSOR', { after: Buffer.from('["99"]').toString('base64url') }],
    ['TOO_MANY_REQUESTED', { first: 501 }],
  ])('say %s', async (code, variables) => {
    await runJobs(atlas.db)
    expect(await atlas.codeOf(QUERY, { path: 'mlp-a/0', dataset: 'points', ...variables })).toBe(code)
  })
})

describe('the clusters in which a unit fires', () => {
  const CLUSTERS = `query ($path: String!, $clustering: ID!, $first: Int) { entity(path: $path) { ... on Layer {
    units(dataset: "points", first: 100) { nodes { index
      clusters(clustering: $clustering, first: $first) { cluster { index } firingRate share } } } } } }`
  const found = z.object({
    entity: z.object({
      units: z.object({
        nodes: z.array(
          z.object({
            index: z.number(),
            clusters: z.array(
              z.object({
                cluster: z.object({ index: z.number() }),
                ...{ firingRate: z.number(), share: z.number() },
              }),
            ),
          }),
        ),
      }),
    }),
  })
  const clustersOf = async (variables: Record<string, unknown>) =>
    found.parse(await atlas.ask(CLUSTERS, variables)).entity.units.nodes

  /** Cluster of each region of the only clustering of a partition, from what is stored. */
  async function clusterOfRegions(path: string) {
    const [network] = path.split('/')
    const rows = await atlas.db.prisma.regionCluster.findMany({
      where: { clustering: { partition: { network: { name: network } } } },
    })
    return new Map(rows.map(({ region, cluster }) => [region, cluster]))
  }

  function expectClusters(
    clusters: z.infer<typeof found>['entity']['units']['nodes'][number]['clusters'],
    fires: readonly boolean[],
    clusterOf: readonly (number | null)[],
  ) {
    const all = fires.filter(Boolean).length
    const expected = [...new Set(clusterOf)].flatMap((index) => {
      if (index === null) return []
      const own = fires.filter((_, place) => clusterOf[place] === index)
      const on = own.filter(Boolean).length
      return on === 0 ? [] : [{ cluster: { index }, firingRate: on / own.length, share: on / all }]
    })
    expected.sort(
      (x, y) => y.firingRate - x.firingRate || y.share - x.share || x.cluster.index - y.cluster.index,
    )
    expect(clusters).toEqual(expected)
  }

  it('of whole inputs are as the codes say', async () => {
    const clusterOf = await clusterOfRegions(SPAN)
    const regions = regionsOf(spanBits(mlps['mlp-a'], 0, 1))
    const clusterOfInput = labels.map(
      (_, input) => clusterOf.get(regions.findIndex(({ members }) => members.includes(input))) ?? null,
    )
    for (const layer of [0, 1]) {
      const bits = layerBits(mlps['mlp-a'], layer)
      const units = await clustersOf({
        path: `mlp-a/${layer}`,
        clustering: `${SPAN}/clusters:hamming:2:1`,
        first: 500,
      })
      for (const { index, clusters } of units)
        expectClusters(
          clusters,
          bits.map((code) => code[index]),
          clusterOfInput,
        )
    }
    const [{ clusters }] = await clustersOf({
      path: 'mlp-a/0',
      clustering: `${SPAN}/clusters:hamming:2:1`,
      first: 1,
    })
    expect(clusters.length).toBeLessThanOrEqual(1)
  })

  it('of positions are those of each position', async () => {
    const clusterOf = await clusterOfRegions(TOKENS)
    const sites = tokenBits.flat()
    const regionOfSite = group(sites)
    const units = await clustersOf({ path: 'tokens/0', clustering: `${TOKENS}/clusters:hamming:2:1` })
    for (const { index, clusters } of units)
      expectClusters(
        clusters,
        sites.map((code) => code[index]),
        regionOfSite.map((region) => clusterOf.get(region) ?? null),
      )
  })

  it.each([
    ['UNKNOWN_CLUSTERING', `${SPAN}/clusters:hamming:9:9`],
    ['BAD_PATH', SPAN],
    ['BAD_ARGUMENT', `${TOKENS}/clusters:hamming:2:1`],
  ])('say %s', async (code, clustering) => {
    expect(await atlas.codeOf(CLUSTERS, { path: 'mlp-a/0', clustering })).toBe(code)
  })
})
