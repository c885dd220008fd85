import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { checkCoordinates } from '#atlas/compute/geometry/index.js'
import { createSeries } from '#atlas/src/store/createSeries.js'
import { addDataset, addNetwork } from '../support/atlas.ts'
import { buildModel, node, uniform } from '../support/onnx.ts'
import { useAtlas } from './support/atlas.ts'

const atlas = useAtlas({ partitions: [] })

/** One layer of units with the weights `w` (inputs x units) that change sign where w x = offset. */
function hyperplanes(inputs: number, w: readonly number[], offsets: readonly number[]): Uint8Array {
  const units = offsets.length
  return buildModel({
    inputs: { x: ['N', inputs] },
    initializers: {
      w: { shape: [inputs, units], values: w },
      b: { shape: [units], values: offsets.map((offset) => -offset) },
      v: { shape: [units, 2], values: Array.from({ length: 2 * units }, (_, i) => i % 3) },
    },
    nodes: [
      node('MatMul', ['x', 'w'], 'd'),
      node('Add', ['d', 'b'], 'pre'),
      node('Relu', ['pre'], 'on'),
      node('MatMul', ['on', 'v'], 'scores'),
    ],
    outputs: ['scores'],
  })
}

const answer = z.object({
  network: z.object({
    localComplexity: z.object({
      dataset: z.object({ name: z.string() }),
      ...{ fromLayer: z.number(), toLayer: z.number(), sampled: z.literal(true) },
      ...{ radius: z.number(), points: z.number(), seed: z.number() },
      densities: z.array(
        z.object({
          neighborhood: z.string(),
          points: z.number(),
          boundaryDensity: z.object({ mean: z.number(), low: z.number(), high: z.number() }),
        }),
      ),
    }),
  }),
})
const QUERY = `query ($network: String!, $dataset: String!, $fromLayer: Int, $toLayer: Int, $radius: Float, $points: Int,
  $seed: Int) { network(name: $network) { localComplexity(dataset: $dataset, fromLayer: $fromLayer, toLayer: $toLayer,
    radius: $radius, points: $points, seed: $seed) { dataset { name } fromLayer toLayer radius points seed sampled
      densities { neighborhood points boundaryDensity { mean low high } } } } }`
const ask = async (variables: Record<string, unknown>) =>
  answer.parse(await atlas.ask(QUERY, variables)).network.localComplexity

beforeAll(async () => {
  // Boundaries every 1/64, between 0 and 4; inputs between 1 and 3, 1/32 apart.
  const ticks = Array.from({ length: 256 }, (_, i) => (i + 0.5) / 64)
  await addNetwork(
    atlas.db,
    'ruler',
    hyperplanes(
      1,
      ticks.map(() => 1),
      ticks,
    ),
  )
  // As many, two at each place.
  const coarse = ticks.map((_, i) => (i >> 1) / 32 + 1 / 128)
  await addNetwork(
    atlas.db,
    'coarse',
    hyperplanes(
      1,
      coarse.map(() => 1),
      coarse,
    ),
  )
  await addDataset(
    atlas.db,
    'line',
    Float32Array.from({ length: 65 }, (_, i) => 1 + i / 32),
    1,
  )
  // Boundaries along the diagonal of a square, on which all inputs lie: 100 of them less than 0.1 from it.
  const offsets = Array.from({ length: 100 }, (_, i) => (i - 49.5) / 500)
  const w = [...offsets.map(() => 1), ...offsets.map(() => -1)]
  await addNetwork(atlas.db, 'diagonal', hyperplanes(2, w, offsets))
  const random = uniform(2)
  const square = Array.from({ length: 200 }, () => 10 * random()).flatMap((value) => [value, value])
  await addDataset(atlas.db, 'square', Float32Array.from(square), 2)
  // x is doubled before the boundaries of the second layer, every 1/64.
  const far = Array.from({ length: 512 }, (_, i) => (i + 0.5) / 64)
  await addNetwork(
    atlas.db,
    'doubled',
    buildModel({
      inputs: { x: ['N', 1] },
      initializers: {
        two: { shape: [1, 1], values: [2] },
        w: { shape: [1, 512], values: far.map(() => 1) },
        b: { shape: [512], values: far.map((offset) => -offset) },
        v: { shape: [512, 2], values: Array.from({ length: 1024 }, (_, i) => i % 3) },
      },
      nodes: [
        node('MatMul', ['x', 'two'], 'twice'),
        node('Relu', ['twice'], 'h'),
        node('MatMul', ['h', 'w'], 'd'),
        node('Add', ['d', 'b'], 'pre'),
        node('Relu', ['pre'], 'on'),
        node('MatMul', ['on', 'v'], 'scores'),
      ],
      outputs: ['scores'],
    }),
  )
  await addDataset(atlas.db, 'one', Float32Array.of(1), 1)
  await addDataset(atlas.db, 'same', Float32Array.of(1, 1, 1), 1)
  const members = ['ruler', 'coarse'].map((network, step) => ({ network, step }))
  await createSeries(atlas.db, { name: 'rulers', description: '', members })
})

describe('local complexity', () => {
  it('is the density of equidistant boundaries', async () => {
    const found = await ask({ network: 'ruler', dataset: 'line', radius: 0.5, points: 40 })
    expect(found).toMatchObject({ dataset: { name: 'line' }, toLayer: 0, radius: 0.5, points: 40, seed: 1 })
    expect(found.densities.map(({ neighborhood }) => neighborhood)).toEqual(['DATA', 'BETWEEN', 'RANDOM'])
    // A line of length 1 meets 64 boundaries, whose places are 1/128 off those of inputs and midpoints.
    for (const { points, boundaryDensity } of found.densities) {
      expect(points).toBe(40)
      expect(boundaryDensity).toEqual({ mean: 64, low: 64, high: 64 })
    }
  })

  it('takes half the median distance of neighbours for a radius', async () => {
    const { radius, points, densities } = await ask({ network: 'ruler', dataset: 'line', points: 65 })
    expect([radius, points]).toEqual([1 / 64, 65])
    expect(densities[0].boundaryDensity.mean).toBe(64)
    expect((await ask({ network: 'ruler', dataset: 'line', points: 1000 })).points).toBe(65)
  })

  it('tells data, and what lies between, from points with their values alone', async () => {
    const { densities } = await ask({
      network: 'diagonal',
      dataset: 'square',
      radius: 0.05,
      points: 100,
      seed: 3,
    })
    const [data, between, random] = densities.map(({ boundaryDensity }) => boundaryDensity)
    // Directions at the angle a to the boundaries meet 500 sqrt(2) |sin a| of them a unit of length: 450 on average.
    expect(data.low).toBeGreaterThan(350)
    expect(data.high).toBeLessThan(550)
    expect(between.low).toBeGreaterThan(350)
    expect(random.high).toBeLessThan(data.low / 4)
  })

  it('is the same for the same seed, and another for another', async () => {
    const asked = { network: 'diagonal', dataset: 'square', points: 20 }
    const first = await ask(asked)
    expect(await ask(asked)).toEqual(first)
    expect((await ask({ ...asked, seed: 2 })).densities).not.toEqual(first.densities)
  })

  it('is that of the space before any layer', async () => {
    for (const [fromLayer, mean, radius] of [
      [0, 128, 1 / 64],
      [1, 64, 1 / 32],
    ]) {
      const found = await ask({ network: 'doubled', dataset: 'line', fromLayer, points: 65 })
      expect(found).toMatchObject({ fromLayer, toLayer: 1, radius })
      expect(found.densities[0].boundaryDensity).toEqual({ mean, low: mean, high: mean })
    }
  })

  it('takes no more points than fit into memory', () => {
    expect(() => checkCoordinates(512, 2 ** 15)).not.toThrow()
    expect(() => checkCoordinates(513, 2 ** 15)).toThrow('ask for 512 at most')
  })

  it('is asked of all checkpoints of a series at once', async () => {
    const density = 'localComplexity(dataset: "line", points: 20) { densities { boundaryDensity { mean } } }'
    const found = await atlas.ask(`{ series(name: "rulers") { members { network { name ${density} } } } }`)
    const of = (mean: number) => ({ densities: [1, 2, 3].map(() => ({ boundaryDensity: { mean } })) })
    expect(found).toEqual({
      series: {
        members: [
          { network: { name: 'ruler', localComplexity: of(64) } },
          { network: { name: 'coarse', localComplexity: of(32) } },
        ],
      },
    })
  })

  it.each([
    ['UNKNOWN_DATASET', { dataset: 'none' }],
    ['BAD_ARGUMENT', { points: 1 }],
    ['BAD_ARGUMENT', { points: 1001 }],
    ['BAD_ARGUMENT', { radius: 0 }],
    ['BAD_ARGUMENT', { seed: -1 }],
    ['BAD_ARGUMENT', { dataset: 'same' }],
    ['TOO_FEW_INPUTS', { dataset: 'one' }],
    ['WRONG_INPUT_SIZE', { dataset: 'square' }],
    ['BAD_SPAN', { toLayer: 1 }],
    ['BAD_SPAN', { fromLayer: 1 }],
  ])('says %s for %j', async (code, variables) => {
    expect(await atlas.codeOf(QUERY, { network: 'ruler', dataset: 'line', ...variables })).toBe(code)
  })
})
