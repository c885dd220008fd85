import { inspectNetwork, openNetwork } from '#atlas/compute/onnx/index.js'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { buildMlp, forwardMlp, uniform, type MlpOptions } from '../support/onnx.ts'

const samplesOf = (seed: number, length: number): Float32Array => {
  const random = uniform(seed)
  return Float32Array.from({ length }, () => 2 * random() - 1)
}

const largestDifference = (actual: ArrayLike<number>, expected: readonly number[]): number => {
  expect(actual.length).toBe(expected.length)
  return expected.reduce((worst, value, i) => Math.max(worst, Math.abs(value - actual[i])), 0)
}

async function expectForward(options: MlpOptions, rows: number): Promise<void> {
  const width = options.sizes[0]
  const values = samplesOf(99, rows * width)
  const layers = options.sizes.slice(1, -1).map((_, i) => i)
  const runner = await openNetwork(buildMlp(options), layers, { threads: 1 })
  const { preActivations, scores } = await runner.run(values, rows)
  await runner.close()
  expect(runner.summary.batched).toBe(true)
  const expected = Array.from({ length: rows }, (_, row) =>
    forwardMlp(options, values.subarray(row * width, (row + 1) * width)),
  )
  expect(
    largestDifference(
      scores,
      expected.flatMap((sample) => sample.scores),
    ),
  ).toBeLessThan(1e-5)
  for (const layer of layers) {
    const wanted = expected.flatMap((sample) => sample.preActivations[layer])
    expect(largestDifference(preActivations[layer], wanted)).toBeLessThan(1e-5)
  }
}

test.each(['symbolic', 'fixed', 'vector', 'column'] as const)(
  'a %s network gives the pre-activations and scores of a float64 forward pass',
  async (layout) => {
    await expectForward({ sizes: [5, 7, 6, 3], layout }, 11)
    await expectForward({ sizes: [5, 7, 6, 3], layout, leaky: 0.1, seed: 2 }, 1)
  },
)

test('any sizes, gates, layouts and batch agree with a float64 forward pass', async () => {
  const options = fc.record({
    sizes: fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 3, maxLength: 6 }),
    seed: fc.integer({ min: 0, max: 1e6 }),
    leaky: fc.constantFrom(0.01, 0.3),
    layout: fc.constantFrom('symbolic', 'fixed', 'vector', 'column'),
  })
  await fc.assert(
    fc.asyncProperty(options, fc.integer({ min: 1, max: 9 }), (mlp, rows) => expectForward(mlp, rows)),
    { numRuns: 40 },
  )
})

test('layers come in the order asked for, and a subset gives the same bits', async () => {
  const bytes = buildMlp({ sizes: [4, 30, 20, 10, 2] })
  const values = samplesOf(1, 4 * 50)
  const all = await openNetwork(bytes, [0, 1, 2])
  const some = await openNetwork(bytes, [2, 0, 2])
  const expected = await all.run(values, 50)
  const actual = await some.run(values, 50)
  await Promise.all([all.close(), some.close()])
  const [first, , last] = expected.preActivations
  expect(actual.preActivations).toEqual([last, first, last])
  expect(actual.scores).toEqual(expected.scores)
})

test('no layer at all gives the scores alone', async () => {
  const runner = await openNetwork(buildMlp({ sizes: [2, 3, 4] }), [])
  const { preActivations, scores } = await runner.run(new Float32Array(4), 2)
  await runner.close()
  expect(preActivations).toEqual([])
  expect(scores).toHaveLength(8)
})

test('a sample gives the same bits alone, in any batch and with any number of threads', async () => {
  const bytes = buildMlp({ sizes: [50, 300, 70, 5], layout: 'fixed' })
  const rows = 257
  const values = samplesOf(3, rows * 50)
  const one = await openNetwork(bytes, [0, 1], { threads: 1 })
  const two = await openNetwork(bytes, [0, 1], { threads: 2 })
  const whole = await one.run(values, rows)
  expect(await two.run(values, rows)).toEqual(whole)
  for (const row of [0, 100, 256]) {
    const alone = await two.run(values.subarray(row * 50, (row + 1) * 50), 1)
    expect(alone.preActivations[0]).toEqual(whole.preActivations[0].subarray(row * 300, (row + 1) * 300))
    expect(alone.scores).toEqual(whole.scores.subarray(row * 5, (row + 1) * 5))
  }
  await Promise.all([one.close(), two.close()])
})

const LEAKY = {
  kind: 'STEPS',
  thresholds: [0],
  pieces: [
    { slope: Math.fround(0.1), offset: 0 },
    { slope: 1, offset: 0 },
  ],
}

test('the summary describes the network', async () => {
  const summary = await inspectNetwork(buildMlp({ sizes: [5, 7, 6, 3], leaky: 0.1, layout: 'fixed' }))
  expect(summary).toEqual({
    parameterCount: 5 * 7 + 7 + 7 * 6 + 6 + 6 * 3 + 3,
    inputType: 'float32',
    inputShape: [5],
    outputShape: [3],
    exactness: 'PIECEWISE_AFFINE',
    approximations: [],
    batched: true,
    layers: [
      {
        index: 0,
        name: 'gate0',
        operator: 'LeakyRelu',
        unitCount: 7,
        positionCount: 1,
        positionShape: [],
        bitsPerUnit: 1,
        exact: true,
        gate: LEAKY,
        tap: 'pre0',
        shape: [7],
        unitAxis: 0,
      },
      {
        index: 1,
        name: 'gate1',
        operator: 'LeakyRelu',
        unitCount: 6,
        positionCount: 1,
        positionShape: [],
        bitsPerUnit: 1,
        exact: true,
        gate: LEAKY,
        tap: 'pre1',
        shape: [6],
        unitAxis: 0,
      },
    ],
  })
})

test.each([
  [new Float32Array(7), 2],
  [new Float32Array(8), 3],
  [new Float32Array(0), 0],
  [new Float32Array(4), Number.NaN],
])('values that are not rows of the input shape are refused (%#)', async (values, rows) => {
  const runner = await openNetwork(buildMlp({ sizes: [4, 3, 2] }), [0])
  await expect(runner.run(values, rows)).rejects.toMatchObject({ code: 'WRONG_INPUT_SIZE' })
  await runner.close()
})

test.each([-1, 2, 0.5])('layer %s of a network with two layers does not exist', async (layer) => {
  const opening = openNetwork(buildMlp({ sizes: [4, 3, 3, 2] }), [layer])
  await expect(opening).rejects.toMatchObject({ code: 'UNKNOWN_LAYER' })
})
