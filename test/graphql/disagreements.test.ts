import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { addDataset, addNetwork, addPartition } from '../support/atlas.ts'
import { buildMlp, buildModel, node, forwardMlp, uniform } from '../support/onnx.ts'
import { runJobs, useAtlas } from './support/atlas.ts'
import { allPages } from './support/paging.ts'
import { INPUT_COUNT, labels, mlps, samples } from './support/reference.ts'
import { addTraining, differences, toldOf, type Told } from './support/training.ts'

const atlas = useAtlas({ partitions: ['mlp-a/0..1@points', 'mlp-b/0..1@points'] })

/** A 1 x 1 convolution of 3 channels over the 2 x 3 values of a sample. */
const weights = [1, -1, 0.5]
const biases = { left: [-0.5, 0.25, -0.375], right: [-0.25, 0.5, -0.125] }
const convolution = (bias: number[]) =>
  buildModel({
    inputs: { x: ['N', 2, 3] },
    initializers: {
      shape: { shape: [4], values: [-1n, 1n, 2n, 3n] },
      w: { shape: [3, 1, 1, 1], values: weights },
      b: { shape: [3], values: bias },
    },
    nodes: [
      node('Reshape', ['x', 'shape'], 'image'),
      node('Conv', ['image', 'w', 'b'], 'pre'),
      node('Relu', ['pre'], 'scores'),
    ],
    outputs: ['scores'],
  })
const PLACES = ['0..0@points', '0..0@points~positions', '0..0@points~positions:1+2']

beforeAll(async () => {
  await addTraining(atlas, ['0..1'])
  await addNetwork(atlas.db, 'three', buildMlp({ sizes: [6, 16, 10, 3] }))
  await addPartition(atlas.db, 'three/0..1@points')
  await addPartition(atlas.db, 'mlp-b/1..1@points')
  for (const [name, bias] of Object.entries(biases)) {
    await addNetwork(atlas.db, name, convolution(bias))
    for (const span of PLACES) await addPartition(atlas.db, `${name}/${span}`)
  }
  await runJobs(atlas.db)
})

const QUERY = `query ($a: ID!, $b: ID!, $by: DisagreementKind, $first: Int, $after: String) {
  disagreements(a: $a, b: $b, by: $by, first: $first, after: $after) { totalCount
    pageInfo { hasNextPage hasPreviousPage endCursor }
    nodes { input { index label } labelA labelB predictionDistance differingBitCount } } }`
const page = z.object({
  disagreements: z.object({
    totalCount: z.number(),
    pageInfo: z.object({
      hasNextPage: z.boolean(),
      hasPreviousPage: z.boolean(),
      endCursor: z.string().nullable(),
    }),
    nodes: z.array(
      z.object({
        input: z.object({ index: z.number(), label: z.number() }),
        labelA: z.number(),
        labelB: z.number(),
        predictionDistance: z.number().nullable(),
        differingBitCount: z.number().nullable(),
      }),
    ),
  }),
})

/** All disagreements over their pages, and their number as the first page tells it. */
async function disagreements(a: string, b: string, by: string | null, first = 7) {
  const pages = await allPages(
    async (after) => page.parse(await atlas.ask(QUERY, { a, b, by, first, after })).disagreements,
  )
  expect(pages.map(({ pageInfo }) => pageInfo.hasPreviousPage)).toEqual(pages.map((_, i) => i > 0))
  const nodes = pages.flatMap(({ nodes }) => nodes)
  expect(nodes).toHaveLength(pages[0].totalCount)
  return nodes
}

function softmax(scores: readonly number[]): number[] {
  const weights = scores.map((score) => Math.exp(score))
  const sum = weights.reduce((a, b) => a + b, 0)
  return weights.map((weight) => weight / sum)
}

/** Each input with what is to be told of it. */
function naive(a: readonly Told[], b: readonly Told[]) {
  return a.map((own, index) => {
    const [p, q] = [softmax(own.scores), softmax(b[index].scores)]
    return {
      input: { index, label: labels[index] },
      labelA: own.label,
      labelB: b[index].label,
      predictionDistance: p.reduce((sum, value, i) => sum + Math.abs(value - q[i]) / 2, 0),
      differingBitCount: differences(own.code, b[index].code).length,
    }
  })
}

describe.each([
  ['mlp-a', 'mlp-b'],
  ['mlp-a', 'half'],
])('disagreements of %s and %s', (a, b) => {
  const paths = [`${a}/0..1@points`, `${b}/0..1@points`] as const
  const expected = async () => naive(await toldOf(atlas, a, '0..1'), await toldOf(atlas, b, '0..1'))

  it.each([null, 'PREDICTION'])('by %s are the inputs with other labels, the farthest first', async (by) => {
    const wanted = (await expected())
      .filter(({ labelA, labelB }) => labelA !== labelB)
      .sort((x, y) => y.predictionDistance - x.predictionDistance || x.input.index - y.input.index)
    expect(await disagreements(...paths, by)).toEqual(
      wanted.map((row) => ({ ...row, predictionDistance: expect.closeTo(row.predictionDistance, 12) })),
    )
  })

  it('by CODE are the inputs with other codes, by differing bits and then by index', async () => {
    const wanted = (await expected())
      .filter(({ differingBitCount }) => differingBitCount > 0)
      .sort((x, y) => y.differingBitCount - x.differingBitCount || x.input.index - y.input.index)
    expect(wanted.length).toBeGreaterThan(7)
    expect(await disagreements(...paths, 'CODE')).toEqual(
      wanted.map((row) => ({ ...row, predictionDistance: expect.closeTo(row.predictionDistance, 12) })),
    )
  })
})

describe('disagreements', () => {
  it('goes over all chunks of a dataset', async () => {
    // 8,192 samples a chunk.
    const random = uniform(3)
    const inputs = Array.from({ length: 8_500 }, () => Array.from({ length: 6 }, () => Math.fround(random())))
    await addDataset(atlas.db, 'many', Float32Array.from(inputs.flat()), 6)
    for (const name of ['mlp-a', 'mlp-b']) await addPartition(atlas.db, `${name}/0..1@many`)
    await runJobs(atlas.db)
    const [a, b] = (['mlp-a', 'mlp-b'] as const).map((name) =>
      inputs.map((sample) => {
        const { preActivations, scores } = forwardMlp(mlps[name], sample)
        const code = preActivations.flat().map((value) => value > 0)
        return { code, label: scores.indexOf(Math.max(...scores)) }
      }),
    )
    const bits = a.map(({ code }, i) => code.filter((bit, j) => bit !== b[i].code[j]).length)
    const order = [...bits.keys()].filter((i) => bits[i] > 0).sort((i, j) => bits[j] - bits[i] || i - j)
    const read = async (by: string, after: string | null = null) => {
      const paths = { a: 'mlp-a/0..1@many', b: 'mlp-b/0..1@many' }
      const query = `query ($a: ID!, $b: ID!, $by: DisagreementKind, $after: String) {
        disagreements(a: $a, b: $b, by: $by, first: 500, after: $after) { totalCount pageInfo { endCursor }
          nodes { input { index } differingBitCount } } }`
      const answer = z.object({
        disagreements: z.object({
          totalCount: z.number(),
          pageInfo: z.object({ endCursor: z.string() }),
          nodes: z.array(z.object({ input: z.object({ index: z.number() }), differingBitCount: z.number() })),
        }),
      })
      return answer.parse(await atlas.ask(query, { ...paths, by, after })).disagreements
    }
    const nodesOf = (inputs: number[]) =>
      inputs.map((index) => ({ input: { index }, differingBitCount: bits[index] }))
    const first = await read('CODE')
    expect(first.totalCount).toBe(order.length)
    expect(first.nodes).toEqual(nodesOf(order.slice(0, 500)))
    const second = await read('CODE', first.pageInfo.endCursor)
    expect(second.nodes).toEqual(nodesOf(order.slice(500, 1000)))
    expect((await read('PREDICTION')).totalCount).toBe(
      a.filter(({ label }, i) => label !== b[i].label).length,
    )
  })

  it.each([
    [PLACES[0], [0, 1, 2, 3, 4, 5]],
    [PLACES[1], [0, 1, 2, 3, 4, 5]],
    [PLACES[2], [1, 3, 5]],
  ])('by CODE of %s counts the bits at the positions of its sites', async (span, positions) => {
    const bits = samples.map((sample) =>
      positions.reduce((sum, position) => {
        const on = (bias: number[]) =>
          weights.map((weight, unit) => weight * sample[position] + bias[unit] > 0)
        const [left, right] = [on(biases.left), on(biases.right)]
        return sum + left.filter((bit, unit) => bit !== right[unit]).length
      }, 0),
    )
    const wanted = [...bits.keys()].filter((i) => bits[i] > 0).sort((i, j) => bits[j] - bits[i] || i - j)
    const found = await disagreements(`left/${span}`, `right/${span}`, 'CODE', 50)
    expect(found.map(({ input, differingBitCount }) => [input.index, differingBitCount])).toEqual(
      wanted.map((index) => [index, bits[index]]),
    )
    expect(new Set(bits).size).toBeGreaterThan(2)
  })

  it('by PREDICTION tells no bits where they cannot be compared', async () => {
    const paths = ['mlp-a/0..1@points', 'mlp-b/1..1@points'] as const
    const found = await disagreements(...paths, 'PREDICTION')
    expect(found).toEqual(
      (await disagreements(paths[0], 'mlp-b/0..1@points', 'PREDICTION')).map((row) => ({
        ...row,
        differingBitCount: null,
      })),
    )
    expect(await atlas.codeOf(QUERY, { a: paths[0], b: paths[1], by: 'CODE' })).toBe('DIFFERENT_LAYERS')
    const places = { a: `left/${PLACES[1]}`, b: `right/${PLACES[2]}`, by: 'CODE' }
    expect(await atlas.codeOf(QUERY, places)).toBe('DIFFERENT_LAYERS')
  })

  it('by CODE tells no distance of predictions where outputs differ in number', async () => {
    const paths = ['mlp-a/0..1@points', 'three/0..1@points'] as const
    const found = await disagreements(...paths, 'CODE', 200)
    expect(found.length).toBeGreaterThan(INPUT_COUNT / 2)
    expect(new Set(found.map(({ predictionDistance }) => predictionDistance))).toEqual(new Set([null]))
    const told = await toldOf(atlas, 'three', '0..1')
    for (const { input, labelB } of found) expect(labelB).toBe(told[input.index].label)
    expect(await atlas.codeOf(QUERY, { a: paths[0], b: paths[1], by: 'PREDICTION' })).toBe('NOT_COMPARABLE')
  })

  it('of a partition with itself are none', async () => {
    const path = 'mlp-a/0..1@points'
    expect(await disagreements(path, path, 'PREDICTION')).toEqual([])
    expect(await disagreements(path, path, 'CODE')).toEqual([])
  })

  it('refuses what it cannot answer', async () => {
    const ask = (more: object) =>
      atlas.codeOf(QUERY, { a: 'mlp-a/0..1@points', b: 'mlp-b/0..1@points', ...more })
    expect(await ask({ b: 'mlp-b/0..1@none' })).toBe('UNKNOWN_PARTITION')
    expect(await ask({ b: 'nonsense' })).toBe('BAD_ID')
    expect(await ask({ first: 501 })).toBe('TOO_MANY_REQUESTED')
    expect(await ask({ first: -1 })).toBe('BAD_FIRST')
    const cursor = (values: unknown) => Buffer.from(JSON.stringify(values)).toString('base64url')
    for (const after of ['nonsense', cursor(['1']), cursor(['x', '1']), cursor(['1', '0.5'])])
      expect(await ask({ after })).toBe('BAD_CURSOR')
    await addDataset(atlas.db, 'few', new Float32Array(12), 6)
    await addPartition(atlas.db, 'mlp-b/0..1@few')
    expect(await ask({ b: 'mlp-b/0..1@few' })).toBe('PARTITION_NOT_READY')
    await runJobs(atlas.db)
    expect(await ask({ b: 'mlp-b/0..1@few' })).toBe('NOT_COMPARABLE')
  })
})
