import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { hamming, nearest } from '../support/reference.ts'
import { useAtlas } from './support/atlas.ts'
import { INPUT_COUNT, mlps, regionsOf, spanBits, tokenBits } from './support/reference.ts'

const STORED = 4
const atlas = useAtlas({
  partitions: [
    'mlp-a/0..1@points',
    'mlp-b/0..1@points',
    'mlp-a/0@points',
    'tokens/0@points',
    'tokens/0@points~positions',
  ],
  neighbors: { 'mlp-a/0..1@points': STORED },
})

const codesOf = { 'mlp-a': spanBits(mlps['mlp-a'], 0, 1), 'mlp-b': spanBits(mlps['mlp-b'], 0, 1) }

const answer = z.object({
  partition: z.object({
    neighborCount: z.number().nullable(),
    regions: z.object({
      nodes: z.array(
        z.object({
          neighbors: z.object({
            totalCount: z.number(),
            pageInfo: z.object({ hasNextPage: z.boolean() }),
            edges: z.array(z.object({ distance: z.number(), node: z.object({ index: z.number() }) })),
          }),
        }),
      ),
    }),
  }),
})

async function neighborsOf(network: string, first: number, maxDistance: number | null) {
  const query = `query ($path: String!, $first: Int, $maxDistance: Int) { partition(path: $path) {
    neighborCount regions(first: 500) { nodes { neighbors(first: $first, maxDistance: $maxDistance) {
      totalCount pageInfo { hasNextPage } edges { distance node { index } } } } } } }`
  const data = await atlas.ask(query, { path: `${network}/0..1@points`, first, maxDistance })
  return answer.parse(data).partition
}

describe.each([
  ['mlp-a', 'some stored', STORED],
  ['mlp-b', 'none stored', null],
] as const)('neighbours in a partition of %s, %s', (network, _, stored) => {
  const regions = regionsOf(codesOf[network]).map(({ bits }) => bits)
  // As far as those stored, one and many beyond, all and more than all.
  const questions = [0, STORED - 1, STORED, STORED + 1, regions.length - 1, 500].flatMap((first) =>
    [null, 0, 3, 100].map((maxDistance) => [first, maxDistance] as const),
  )

  it.each(questions)('first %s within %s bits are those of a full sort', async (first, maxDistance) => {
    const partition = await neighborsOf(network, first, maxDistance)
    expect(partition.neighborCount).toBe(stored)
    const all = nearest(regions, regions, regions.length, {
      self: true,
      maxDistance: maxDistance ?? Infinity,
    })
    expect(partition.regions.nodes.map(({ neighbors }) => neighbors)).toEqual(
      all.map((near) => ({
        totalCount: near.length,
        pageInfo: { hasNextPage: near.length > first },
        edges: near.slice(0, first).map(({ index, distance }) => ({ distance, node: { index } })),
      })),
    )
  })
})

describe('neighbours', () => {
  it('refuse a negative distance and a page too large', async () => {
    const query = (args: string) =>
      `{ partition(path: "mlp-b/0..1@points") { regions(first: 1) { nodes { neighbors(${args}) { totalCount } } } } }`
    expect(await atlas.codeOf(query('maxDistance: -1'))).toBe('BAD_ARGUMENT')
    expect(await atlas.codeOf(query('first: 501'))).toBe('TOO_MANY_REQUESTED')
    expect(await atlas.codeOf(query('first: -1'))).toBe('BAD_FIRST')
  })
})

/** The inputs nearest to each by a full sort on (distance, index). */
function nearestInputs(distanceOf: (a: number, b: number) => number, input: number, first: number) {
  return Array.from({ length: INPUT_COUNT }, (_, other) => ({
    index: other,
    distance: distanceOf(input, other),
  }))
    .filter(({ index }) => index !== input)
    .sort((a, b) => a.distance - b.distance || a.index - b.index)
    .slice(0, first)
    .map(({ index, distance }) => ({ input: { index }, distance }))
}

describe('inputs nearest to an input', () => {
  const tokenDistance = (a: number, b: number) =>
    hamming(tokenBits[a][0], tokenBits[b][0]) + hamming(tokenBits[a][1], tokenBits[b][1])
  const layer0 = spanBits(mlps['mlp-a'], 0, 0)
  const cases: [string, (a: number, b: number) => number][] = [
    ['mlp-a/0..1@points', (a, b) => hamming(codesOf['mlp-a'][a], codesOf['mlp-a'][b])],
    ['mlp-a/0@points', (a, b) => hamming(layer0[a], layer0[b])],
    ['tokens/0@points', tokenDistance],
    ['tokens/0@points~positions', tokenDistance],
  ]

  it.each(cases)('are those of a full sort in %s', async (path, distanceOf) => {
    const { partition } = z
      .object({ partition: z.object({ id: z.string() }) })
      .parse(await atlas.ask('query ($path: String!) { partition(path: $path) { id } }', { path }))
    for (const first of [0, 1, 7, 500]) {
      const query = `query ($id: ID!, $first: Int) { dataset(name: "points") { inputs(first: 200) { nodes {
        nearest(partition: $id, first: $first) { input { index } distance } } } } }`
      expect(await atlas.ask(query, { id: partition.id, first })).toEqual({
        dataset: {
          inputs: {
            nodes: Array.from({ length: INPUT_COUNT }, (_, input) => ({
              nearest: nearestInputs(distanceOf, input, first),
            })),
          },
        },
      })
    }
  })

  it('refuse an unknown partition and a page too large', async () => {
    const query = (id: string, first: number) =>
      `{ dataset(name: "points") { input(index: 0) { nearest(partition: "${id}", first: ${first}) { distance } } } }`
    const id = (key: number) => Buffer.from(`Partition:${key}`).toString('base64url')
    expect(await atlas.codeOf(query(id(99), 5))).toBe('UNKNOWN_PARTITION')
    expect(await atlas.codeOf(query('x', 5))).toBe('BAD_ID')
    expect(await atlas.codeOf(query(id(1), 501))).toBe('TOO_MANY_REQUESTED')
  })
})
