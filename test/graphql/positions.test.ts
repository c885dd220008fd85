import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { requestComparison } from '#atlas/src/jobs/commands/requestComparison.js'
import { addNetwork, addPartition } from '../support/atlas.ts'
import { buildModel, node } from '../support/onnx.ts'
import { hamming, text } from '../support/reference.ts'
import { runJobs, useAtlas } from './support/atlas.ts'
import { samples } from './support/reference.ts'

/** A 1 x 1 convolution of 3 channels over the 2 x 3 values of a sample. */
const weights = [1, -1, 0.5]
const biases = [-0.5, 0.25, -0.375]
const net = buildModel({
  inputs: { x: ['N', 2, 3] },
  initializers: {
    shape: { shape: [4], values: [-1n, 1n, 2n, 3n] },
    w: { shape: [3, 1, 1, 1], values: weights },
    b: { shape: [3], values: biases },
  },
  nodes: [
    node('Reshape', ['x', 'shape'], 'image'),
    node('Conv', ['image', 'w', 'b'], 'pre'),
    node('Relu', ['pre'], 'scores'),
  ],
  outputs: ['scores'],
})
const bitsAt = (input: number, position: number) =>
  weights.map((weight, unit) => weight * samples[input][position] + biases[unit] > 0)

const SPANS = [
  { path: 'places/0..0@points~positions', filter: null, positions: [0, 1, 2, 3, 4, 5] },
  { path: 'places/0..0@points~positions:4', filter: { at: 4 }, positions: [4] },
  { path: 'places/0..0@points~positions:1+2', filter: { skip: 1, every: 2 }, positions: [1, 3, 5] },
  { path: 'places/0..0@points~positions:2+1', filter: { skip: 2 }, positions: [2, 3, 4, 5] },
]

const atlas = useAtlas({ partitions: ['mlp-a/0@points', 'mlp-b/0@points'] })
const create = `mutation ($positions: PositionFilter, $granularity: Granularity = PER_POSITION) {
  createPartition(input: { network: "places", dataset: "points", fromLayer: 0, toLayer: 0,
    granularity: $granularity, positions: $positions }) {
    partition { id path siteCount positions { at skip every } } } }`
const created = z.object({
  createPartition: z.object({
    partition: z.object({
      id: z.string(),
      path: z.string(),
      siteCount: z.number(),
      positions: z.unknown(),
    }),
  }),
})
const createWith = async (positions: object | null) =>
  created.parse(await atlas.ask(create, { positions })).createPartition.partition

beforeAll(async () => {
  await addNetwork(atlas.db, 'places', net)
  for (const { filter } of SPANS) await createWith(filter)
  await runJobs(atlas.db)
})

const regions = z.object({
  partition: z.object({
    id: z.string(),
    regions: z.object({
      nodes: z.array(
        z.object({
          code: z.object({ bits: z.string() }),
          exemplarPosition: z.number(),
          margin: z.number(),
          members: z.object({
            totalCount: z.number(),
            edges: z.array(
              z.object({
                position: z.number(),
                place: z.array(z.number()),
                margin: z.number(),
                node: z.object({ index: z.number() }),
              }),
            ),
          }),
        }),
      ),
    }),
  }),
})

async function readRegions(path: string) {
  const query = `query ($path: String!) { partition(path: $path) { id regions { nodes { code { bits }
    exemplarPosition margin members(first: 500) { totalCount edges { position place margin node { index } } } } } } }`
  return regions.parse(await atlas.ask(query, { path })).partition
}

describe.each(SPANS)('$path', ({ path, filter, positions }) => {
  it('is one partition, whoever asks', async () => {
    const first = await createWith(filter)
    expect(first).toMatchObject({ path, siteCount: samples.length * positions.length })
    expect(await createWith(filter)).toEqual(first)
    const range = filter && ('at' in filter ? filter : { every: 1, ...filter })
    expect(first.positions).toEqual(range && { at: null, skip: null, every: null, ...range })
  })

  it('has the sites that it names as members of the regions of their bits', async () => {
    const { regions } = await readRegions(path)
    const found = regions.nodes.flatMap(({ code, members }) => {
      expect(members.totalCount).toBe(members.edges.length)
      return members.edges.map(({ node, position, place }) => [node.index, position, place, code.bits])
    })
    const expected = samples.flatMap((_, input) =>
      positions.map((position) => [
        input,
        position,
        [Math.floor(position / 3), position % 3],
        text(bitsAt(input, position)),
      ]),
    )
    const sorted = (sites: unknown[]) => sites.map((site) => JSON.stringify(site)).sort()
    expect(sorted(found)).toEqual(sorted(expected))
    for (const { exemplarPosition, members, margin } of regions.nodes) {
      const margins = members.edges.map((edge) => edge.margin)
      expect(margin).toBe(Math.min(...margins))
      const deepest = members.edges[margins.indexOf(Math.max(...margins))]
      expect(exemplarPosition).toBe(deepest.position)
    }
  })

  it('answers which region holds a site, and which inputs lie near over its positions', async () => {
    const { id } = await readRegions(path)
    const fields = [0, 1, 2, 3, 4, 5].map(
      (position) => `r${position}: region(partition: $id, position: ${position}) { code { bits } }`,
    )
    const query = `query ($id: ID!) { dataset(name: "points") { input(index: 7) { ${fields.join(' ')}
      nearest(partition: $id, first: 119) { distance input { index } } } } }`
    const region = z.object({ code: z.object({ bits: z.string() }) }).nullable()
    const near = z.object({ distance: z.number(), input: z.object({ index: z.number() }) })
    const input = z.object({ nearest: z.array(near) }).catchall(region)
    const answer = z.object({ dataset: z.object({ input }) }).parse(await atlas.ask(query, { id }))
      .dataset.input
    for (let position = 0; position < 6; position++) {
      const bits = positions.includes(position) ? { code: { bits: text(bitsAt(7, position)) } } : null
      expect(answer[`r${position}`]).toEqual(bits)
    }
    const code = (at: number) => positions.flatMap((position) => bitsAt(at, position))
    expect(answer.nearest).toHaveLength(samples.length - 1)
    for (const { distance, input } of answer.nearest)
      expect(distance).toBe(hamming(code(7), code(input.index)))
  })
})

describe('positions', () => {
  it('are numbered along the axes that the layer names', async () => {
    const query = '{ network(name: "places") { layers { unitCount positionCount positionShape } } }'
    expect(await atlas.ask(query)).toEqual({
      network: { layers: [{ unitCount: 3, positionCount: 6, positionShape: [2, 3] }] },
    })
  })

  it('are compared with the same positions only, or input by input', async () => {
    const idOf = async (path: string) => (await addPartition(atlas.db, path)).partitionId
    const odd = await idOf('places/0@points~positions:1+2')
    const even = await idOf('places/0@points~positions:0+2')
    const [one, whole] = [await idOf('places/0@points~positions:4'), await idOf('mlp-a/0@points')]
    await runJobs(atlas.db)
    await expect(requestComparison(atlas.db, odd, even)).rejects.toMatchObject({ code: 'NOT_COMPARABLE' })
    await expect(requestComparison(atlas.db, one, odd)).rejects.toMatchObject({ code: 'NOT_COMPARABLE' })
    expect(await requestComparison(atlas.db, one, whole)).not.toBeNull()
    await runJobs(atlas.db)
  })

  it.each([
    ['POSITION_OUT_OF_RANGE', { positions: { at: 6 } }],
    ['POSITION_OUT_OF_RANGE', { positions: { skip: 6 } }],
    ['BAD_ARGUMENT', { positions: { at: -1 } }],
    ['BAD_ARGUMENT', { positions: { skip: -1 } }],
    ['BAD_ARGUMENT', { positions: { every: 0 } }],
    ['BAD_ARGUMENT', { positions: { at: 1, every: 2 } }],
    ['BAD_ARGUMENT', { positions: { at: 1 }, granularity: 'WHOLE_INPUT' }],
  ])('are refused with %s: %j', async (code, variables) => {
    expect(await atlas.codeOf(create, variables)).toBe(code)
  })
})
