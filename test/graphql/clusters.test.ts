import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { clusterCodes, clusterPoints } from '#atlas/compute/cluster/index.js'
import { permutation, randomBelow } from '#atlas/compute/compare/random.js'
import { forwardMlp } from '../support/onnx.ts'
import { packRows } from '../support/reference.ts'
import { runJobs, useAtlas } from './support/atlas.ts'
import { agreementOf, entropyOf, mlps, regionsOf, samples, spanBits } from './support/reference.ts'

const PARTITION = 'mlp-a/0..1@points'
const PATH = `${PARTITION}/clusters:hamming:2:1`

const atlas = useAtlas({ partitions: [PARTITION, 'mlp-b/0..1@points'] })

const CLUSTER = `mutation ($input: ClusterRegionsInput!) { clusterRegions(input: $input) {
  clustering { id path computedAt clusterCount } job { kind state } } }`
const SIZES = { minClusterSize: 2, minSamples: 1 }

const payload = z.object({
  clusterRegions: z.object({
    clustering: z.object({ id: z.string(), path: z.string(), computedAt: z.string().nullable() }),
    job: z.object({ kind: z.string(), state: z.string() }).nullable(),
  }),
})
const request = async (input: Record<string, unknown>) =>
  payload.parse(await atlas.ask(CLUSTER, { input: { partition: PARTITION, ...input } })).clusterRegions

const regions = regionsOf(spanBits(mlps['mlp-a'], 0, 1))
/** What the partition's regions are in, by the definition's own test: here only how it is stored and served counts. */
let expected: Awaited<ReturnType<typeof clusterCodes>>
let clusters: (typeof regions)[] = []

beforeAll(async () => {
  const codes = packRows(regions.map(({ bits }) => bits))
  expected = await clusterCodes({ codes, bitCount: 26, metric: 'HAMMING', ...SIZES })
  clusters = Array.from({ length: expected.clusterCount }, (_, i) =>
    regions.filter(({ index }) => expected.labels[index] === i),
  )
  expect(clusters.length).toBeGreaterThan(2)
  await request(SIZES)
  await runJobs(atlas.db)
})

const labelsOf = (group: typeof regions) => {
  const counts = new Map<number, number>()
  for (const { labelCounts } of group)
    for (const [label, count] of labelCounts) counts.set(label, (counts.get(label) ?? 0) + count)
  return counts
}
const membersOf = (group: typeof regions) => group.reduce((sum, { members }) => sum + members.length, 0)

describe('clusterRegions', () => {
  it('gives the clustering and the job that computes it, and the same one again', async () => {
    const first = await request({ minClusterSize: 4 })
    expect(first).toMatchObject({
      clustering: { path: `${PARTITION}/clusters:hamming:4:4`, computedAt: null },
      job: { kind: 'cluster', state: 'QUEUED' },
    })
    expect(await request({ minClusterSize: 4, minSamples: 4 })).toEqual(first)
    await runJobs(atlas.db)
    const again = await request({ minClusterSize: 4 })
    expect(again).toMatchObject({ clustering: { id: first.clustering.id }, job: null })
    expect(again.clustering.computedAt).not.toBeNull()
  })

  it('of another metric is another clustering', async () => {
    const jaccard = await request({ ...SIZES, metric: 'JACCARD' })
    expect(jaccard.clustering.path).toBe(`${PARTITION}/clusters:jaccard:2:1`)
    await runJobs(atlas.db)
    expect(await request({ ...SIZES, metric: 'JACCARD' })).toMatchObject({ job: null })
  })

  it('takes the mean activations of the regions for EUCLIDEAN', async () => {
    const sizes = { minClusterSize: 3, minSamples: 2 }
    const { clustering } = await request({ ...sizes, metric: 'EUCLIDEAN' })
    expect(clustering.path).toBe(`${PARTITION}/clusters:euclidean:3:2`)
    await runJobs(atlas.db)
    const points = regions.map(({ members }) => {
      const rows = members.map((input) =>
        forwardMlp(mlps['mlp-a'], samples[input]).preActivations.flatMap((layer) =>
          layer.map((value) => Math.max(0, value)),
        ),
      )
      return rows[0].map((_, i) => rows.reduce((sum, row) => sum + row[i], 0) / rows.length)
    })
    const { labels } = await clusterPoints({
      ...{ values: Float64Array.from(points.flat()), rows: regions.length, columns: 26 },
      ...sizes,
    })
    const stored = await atlas.db.prisma.regionCluster.findMany({
      where: { clustering: { metric: 'EUCLIDEAN' } },
      orderBy: { region: 'asc' },
    })
    expect(stored.map(({ cluster }) => cluster ?? -1)).toEqual([...labels])
    expect(new Set(labels).size).toBeGreaterThan(2)
  })

  it.each([
    ['UNKNOWN_PARTITION', { partition: 'mlp-a/0..0@points' }],
    ['BAD_PATH', { partition: 'mlp-a/0@points/segments:1:1' }],
    ['BAD_ARGUMENT', { minClusterSize: 1 }],
    ['BAD_ARGUMENT', { minSamples: 0 }],
    ['BAD_ARGUMENT', { minSamples: 1000 }],
    ['BAD_ARGUMENT', { minClusterSize: 1000 }],
  ])('says %s', async (code, input) => {
    expect(await atlas.codeOf(CLUSTER, { input: { partition: PARTITION, ...input } })).toBe(code)
  })

  it('says PARTITION_NOT_READY before there are regions', async () => {
    await atlas.ask(`mutation { createPartition(input: { network: "mlp-b", dataset: "points", fromLayer: 1, toLayer: 1 })
      { partition { id } } }`)
    expect(await atlas.codeOf(CLUSTER, { input: { partition: 'mlp-b/1..1@points' } })).toBe(
      'PARTITION_NOT_READY',
    )
    await runJobs(atlas.db)
  })
})

describe('a clustering', () => {
  it('has its numbers, and label entropies beside those by chance', async () => {
    const { entity } = z.object({ entity: z.looseObject({}) }).parse(
      await atlas.ask(`{ entity(path: "${PATH}") { ... on Clustering { path metric minClusterSize minSamples
        clusterCount noiseRegionCount noiseMemberCount labelEntropy baselineLabelEntropy baselineSeed
        partition { path } job { state } } } }`),
    )
    const noise = regions.filter(({ index }) => expected.labels[index] < 0)
    const sites = membersOf(clusters.flat())
    const entropy = clusters.reduce(
      (sum, group) => sum + (membersOf(group) / sites) * entropyOf([...labelsOf(group).values()]),
      0,
    )
    expect(entity).toMatchObject({
      ...{ path: PATH, metric: 'HAMMING', ...SIZES, clusterCount: clusters.length, baselineSeed: 1 },
      ...{
        noiseRegionCount: noise.length,
        noiseMemberCount: membersOf(noise),
        partition: { path: PARTITION },
      },
      labelEntropy: expect.closeTo(entropy, 12) as number,
      job: { state: 'SUCCEEDED' },
    })
    // Labels of the sites in clusters, in the order of regions and inside of one of labels, dealt out with the seed 1.
    const inClusters = regions.filter(({ index }) => expected.labels[index] >= 0)
    const dealt = inClusters.flatMap(({ labelCounts }) =>
      [...labelCounts]
        .sort(([a], [b]) => a - b)
        .flatMap(([label, count]) => Array<number>(count).fill(label)),
    )
    const order = permutation(dealt.length, randomBelow(1))
    const placed = inClusters.flatMap(({ index, members }) => members.map(() => expected.labels[index]))
    const permuted = clusters.map((_, cluster) =>
      Array.from(order, (site) => dealt[site]).filter((_label, site) => placed[site] === cluster),
    )
    const baseline = permuted.reduce((sum, labels) => {
      const counts = [0, 1, 2, 3].map((label) => labels.filter((other) => other === label).length)
      return sum + (labels.length / sites) * entropyOf(counts.filter((count) => count > 0))
    }, 0)
    expect(entity.baselineLabelEntropy).toBeCloseTo(baseline, 12)
    // With labels at random, clusters know less of them; the mean over shuffles lies above.
    expect(entity.baselineLabelEntropy).toBeGreaterThan(entropy)
    expect(entity.baselineLabelEntropy).toBeLessThanOrEqual(
      entropyOf([...labelsOf(clusters.flat()).values()]),
    )
  })

  it('has clusters with their regions and labels', async () => {
    const answer = z
      .object({
        entity: z.object({ clusters: z.object({ totalCount: z.number(), nodes: z.array(z.unknown()) }) }),
      })
      .parse(
        await atlas.ask(`{ entity(path: "${PATH}") { ... on Clustering { clusters(first: 100) { totalCount nodes {
          path index regionCount memberCount labelEntropy purity labelCounts { label count } stability birth death
          regions(first: 200) { totalCount nodes { code { bits } } } exemplar { code { bits } }
          sharedCode { agreeingBitCount mask values } clustering { path } } } } } }`),
      )
    expect(answer.entity.clusters.totalCount).toBe(clusters.length)
    const { tree, probabilities } = expected
    expect(answer.entity.clusters.nodes).toEqual(
      clusters.map((group, index) => {
        const counts = [...labelsOf(group)].sort(([a, x], [b, y]) => y - x || a - b)
        const node = tree.cluster.indexOf(index)
        const best = [...group].sort(
          (x, y) =>
            probabilities[y.index] - probabilities[x.index] ||
            y.members.length - x.members.length ||
            x.index - y.index,
        )[0]
        const shared = agreementOf(group.map(({ bits }) => bits))
        return {
          ...{ path: `${PATH}/${index}`, index, regionCount: group.length, memberCount: membersOf(group) },
          labelEntropy: expect.closeTo(entropyOf(counts.map(([, count]) => count)), 12) as number,
          purity: expect.closeTo(counts[0][1] / membersOf(group), 12) as number,
          labelCounts: counts.map(([label, count]) => ({ label, count })),
          ...{ stability: tree.stability[node], birth: tree.birth[node], death: tree.death[node] },
          regions: { totalCount: group.length, nodes: group.map(({ code }) => ({ code: { bits: code } })) },
          exemplar: { code: { bits: best.code } },
          sharedCode: { agreeingBitCount: [...shared.mask].filter((bit) => bit === '1').length, ...shared },
          clustering: { path: PATH },
        }
      }),
    )
  })

  it('has clusters in every order, page by page', async () => {
    const page = z.object({
      entity: z.object({
        clusters: z.object({
          nodes: z.array(z.object({ index: z.number(), memberCount: z.number(), labelEntropy: z.number() })),
          pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
        }),
      }),
    })
    for (const [order, by] of [
      ['MEMBER_COUNT_DESC', (x: { memberCount: number }) => -x.memberCount],
      ['MEMBER_COUNT_ASC', (x: { memberCount: number }) => x.memberCount],
      ['LABEL_ENTROPY_ASC', (x: { labelEntropy: number }) => x.labelEntropy],
      ['LABEL_ENTROPY_DESC', (x: { labelEntropy: number }) => -x.labelEntropy],
    ] as const) {
      const nodes: { index: number; memberCount: number; labelEntropy: number }[] = []
      for (let after: string | null = null, more = true; more;) {
        const { entity } = page.parse(
          await atlas.ask(
            `query ($after: String) { entity(path: "${PATH}") { ... on Clustering { clusters(first: 2, after: $after,
              orderBy: ${order}) { nodes { index memberCount labelEntropy } pageInfo { hasNextPage endCursor } } } } }`,
            { after },
          ),
        )
        nodes.push(...entity.clusters.nodes)
        after = entity.clusters.pageInfo.endCursor
        more = entity.clusters.pageInfo.hasNextPage
      }
      expect(new Set(nodes.map(({ index }) => index)).size).toBe(clusters.length)
      expect(nodes.map(by)).toEqual(nodes.map(by).sort((x, y) => x - y))
    }
  })

  it('has the condensed tree', async () => {
    const { tree } = expected
    const answer =
      await atlas.ask(`{ entity(path: "${PATH}") { ... on Clustering { tree(first: 500) { totalCount nodes {
      index parent birth death regionCount stability cluster { index } } } } } }`)
    const orNull = (value: number) => (value < 0 || value === Infinity ? null : value)
    expect(answer).toEqual({
      entity: {
        tree: {
          totalCount: tree.parent.length,
          nodes: Array.from(tree.parent, (parent, index) => ({
            ...{ index, parent: orNull(parent), birth: orNull(tree.birth[index]), death: tree.death[index] },
            ...{ regionCount: tree.size[index], stability: tree.stability[index] },
            cluster: tree.cluster[index] < 0 ? null : { index: tree.cluster[index] },
          })),
        },
      },
    })
  })

  it('is found by its id, as its clusters are, and on its partition', async () => {
    const { entity, cluster } = z
      .object({ entity: z.object({ id: z.string() }), cluster: z.object({ id: z.string() }) })
      .parse(await atlas.ask(`{ entity(path: "${PATH}") { id } cluster: entity(path: "${PATH}/0") { id } }`))
    const ids = [entity.id, cluster.id]
    expect(await atlas.ask('query ($ids: [ID!]!) { nodes(ids: $ids) { id __typename } }', { ids })).toEqual({
      nodes: [
        { id: entity.id, __typename: 'Clustering' },
        { id: cluster.id, __typename: 'Cluster' },
      ],
    })
    const { partition } = z
      .object({ partition: z.object({ clusterings: z.array(z.object({ path: z.string() })) }) })
      .parse(await atlas.ask(`{ partition(path: "${PARTITION}") { clusterings { path } } }`))
    expect(partition.clusterings).toContainEqual({ path: PATH })
    expect(
      await atlas.ask(`{ a: entity(path: "${PATH}/99") { id } b: entity(path: "${PATH}9") { id } }`),
    ).toEqual({
      a: null,
      b: null,
    })
  })
})

describe('a region', () => {
  const query = `query ($id: ID!) { partition(path: "${PARTITION}") { regions(first: 500) { nodes {
    cluster(clustering: $id) { index } clusterMembership(clustering: $id) { probability outlierScore cluster { index } }
  } } } }`

  it('says its cluster, how deep inside it is, and how much of an outlier', async () => {
    const answer = await atlas.ask(query, { id: PATH })
    expect(answer).toEqual({
      partition: {
        regions: {
          nodes: regions.map(({ index }) => {
            const label = expected.labels[index]
            const cluster = label < 0 ? null : { index: label }
            const [probability, outlierScore] = [expected.probabilities[index], expected.outlierScores[index]]
            return { cluster, clusterMembership: { probability, outlierScore, cluster } }
          }),
        },
      },
    })
  })

  it('is filtered by cluster, and shares its code', async () => {
    const id = `${PATH}/1`
    expect(
      await atlas.ask(
        `query ($id: ID!) { partition(path: "${PARTITION}") { regions(first: 500, filter: { cluster: $id }) { totalCount
          nodes { code { bits } } } } }`,
        { id },
      ),
    ).toEqual({
      partition: {
        regions: {
          totalCount: clusters[1].length,
          nodes: clusters[1].map(({ code }) => ({ code: { bits: code } })),
        },
      },
    })
    const { partition } = z
      .object({ partition: z.object({ id: z.string() }) })
      .parse(await atlas.ask(`{ partition(path: "${PARTITION}") { id } }`))
    const { mask, values } = agreementOf(clusters[1].map(({ bits }) => bits))
    expect(
      await atlas.ask(
        'query ($of: ID!, $id: ID!) { sharedCode(partition: $of, cluster: $id) { mask values } }',
        {
          of: partition.id,
          id,
        },
      ),
    ).toEqual({ sharedCode: { mask, values } })
  })

  const filtered = `query ($id: ID!) { partition(path: "mlp-b/0..1@points") { regions(filter: { cluster: $id }) { totalCount } } }`
  it.each([
    ['UNKNOWN_CLUSTERING', query, `${PATH}7`],
    ['UNKNOWN_CLUSTERING', query, Buffer.from('Clustering:9999').toString('base64url')],
    ['BAD_PATH', query, `${PATH}/0`],
    ['BAD_ID', query, 'nonsense'],
    ['BAD_ARGUMENT', query.replace(PARTITION, 'mlp-b/0..1@points'), PATH],
    ['UNKNOWN_CLUSTER', filtered, `${PATH}/99`],
    ['UNKNOWN_CLUSTER', filtered, `${PATH}7/0`],
    ['BAD_PATH', filtered, PATH],
    ['BAD_ARGUMENT', filtered, `${PATH}/0`],
  ])('says %s', async (code, asked, id) => {
    expect(await atlas.codeOf(asked, { id })).toBe(code)
  })
})

describe('a network that goes', () => {
  it('takes its clusterings along', async () => {
    const { clustering } = await request({ partition: 'mlp-b/0..1@points', ...SIZES })
    await runJobs(atlas.db)
    await atlas.ask('mutation { deleteNetwork(name: "mlp-b") { name } }')
    expect(await atlas.ask('query ($id: ID!) { node(id: $id) { id } }', { id: clustering.id })).toEqual({
      node: null,
    })
    const left = await atlas.db.prisma.clustering.findMany({ select: { id: true } })
    for (const rows of [
      await atlas.db.prisma.cluster.findMany(),
      await atlas.db.prisma.regionCluster.findMany(),
      await atlas.db.prisma.condensedNode.findMany(),
    ])
      expect(rows.filter(({ clusteringId }) => !left.some(({ id }) => id === clusteringId))).toEqual([])
  })
})
