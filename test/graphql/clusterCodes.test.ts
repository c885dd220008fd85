import { beforeAll, expect, it } from 'vitest'
import { z } from 'zod'
import { useAtlas } from './support/atlas.ts'
import { agreementOf, mlps, regionsOf, spanBits } from './support/reference.ts'

const PARTITION = 'mlp-a/0..1@points'
const PATH = `${PARTITION}/clusters:hamming:2:1`

const atlas = useAtlas({ partitions: [PARTITION], clusterings: [PARTITION] })

const regions = regionsOf(spanBits(mlps['mlp-a'], 0, 1))
/** The regions of each cluster, as every region names its own. */
let clusters: (typeof regions)[] = []

beforeAll(async () => {
  const node = z.object({ cluster: z.object({ index: z.number() }).nullable() })
  const { nodes } = z.object({ partition: z.object({ regions: z.object({ nodes: z.array(node) }) }) }).parse(
    await atlas.ask(`{ partition(path: "${PARTITION}") { regions(first: 500) { nodes {
        cluster(clustering: "${PATH}") { index } } } } }`),
  ).partition.regions
  const count = 1 + Math.max(...nodes.map(({ cluster }) => cluster?.index ?? -1))
  expect(count).toBeGreaterThan(2)
  clusters = Array.from({ length: count }, (_, index) =>
    regions.filter((region) => nodes[region.index].cluster?.index === index),
  )
})

const membersOf = (group: typeof regions) => group.reduce((sum, { members }) => sum + members.length, 0)

it('has the bits that set a cluster apart', async () => {
  const answer = z
    .object({
      entity: z.object({
        distinguishingBits: z.array(
          z.object({
            ...{ layer: z.number(), unit: z.number(), position: z.number(), bit: z.number() },
            ...{ inside: z.number(), outside: z.number() },
          }),
        ),
      }),
    })
    .parse(
      await atlas.ask(`{ entity(path: "${PATH}/1") { ... on Cluster { distinguishingBits(first: 500) { layer unit
        position bit inside outside } } } }`),
    ).entity.distinguishingBits
  const share = (group: typeof regions, place: number) =>
    membersOf(group.filter(({ bits }) => bits[place])) / membersOf(group)
  const others = regions.filter((region) => !clusters[1].includes(region))
  expect(answer).toHaveLength(26)
  for (const { layer, unit, position, bit, inside, outside } of answer) {
    expect([position, bit]).toEqual([0, 0])
    expect(inside).toBeCloseTo(share(clusters[1], 16 * layer + unit), 12)
    expect(outside).toBeCloseTo(share(others, 16 * layer + unit), 12)
  }
  const places = answer.map(({ layer, unit }) => 16 * layer + unit)
  const difference = (place: number) => Math.abs(share(clusters[1], place) - share(others, place))
  expect(places).toEqual([...places].sort((x, y) => difference(y) - difference(x) || x - y))
})

it('has the shared codes and bits of all its clusters in one answer', async () => {
  const bits = z.array(z.object({ layer: z.number(), unit: z.number(), inside: z.number() }))
  const node = z.object({ sharedCode: z.object({ mask: z.string(), values: z.string() }), bits, two: bits })
  const answer = z.object({ entity: z.object({ clusters: z.object({ nodes: z.array(node) }) }) }).parse(
    await atlas.ask(`{ entity(path: "${PATH}") { ... on Clustering { clusters(first: 100) { nodes {
        sharedCode { mask values } bits: distinguishingBits(first: 500) { layer unit inside }
        two: distinguishingBits(first: 2) { layer unit inside } } } } } }`),
  )
  const { nodes } = answer.entity.clusters
  expect(nodes).toHaveLength(clusters.length)
  for (const [index, { sharedCode, bits: all, two }] of nodes.entries()) {
    expect(sharedCode).toEqual(agreementOf(clusters[index].map(({ bits }) => bits)))
    expect(two).toEqual(all.slice(0, 2))
    for (const { layer, unit, inside } of all) {
      const on = clusters[index].filter(({ bits }) => bits[16 * layer + unit])
      expect(inside).toBeCloseTo(membersOf(on) / membersOf(clusters[index]), 12)
    }
  }
  const many = `{ entity(path: "${PATH}/0") { ... on Cluster { distinguishingBits(first: 501) { unit } } } }`
  expect(await atlas.codeOf(many)).toBe('TOO_MANY_REQUESTED')
})

it('has as clusters, for single samples, what steps shorter than their birth join', async () => {
  const answer = z
    .object({
      entity: z.object({ clusters: z.object({ nodes: z.array(z.object({ birth: z.number() })) }) }),
    })
    .parse(
      await atlas.ask(
        `{ entity(path: "${PATH}") { ... on Clustering { clusters(first: 100) { nodes { birth } } } } }`,
      ),
    )
  const distance = (a: number, b: number) =>
    regions[a].bits.filter((bit, i) => bit !== regions[b].bits[i]).length
  for (const [index, { birth }] of answer.entity.clusters.nodes.entries()) {
    const reached = new Set([clusters[index][0].index])
    for (const region of reached)
      for (const other of regions.keys()) if (distance(region, other) < birth) reached.add(other)
    expect([...reached].sort((a, b) => a - b)).toEqual(clusters[index].map((region) => region.index))
  }
})
