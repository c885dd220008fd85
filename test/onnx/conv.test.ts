import { decodeModel } from '#atlas/compute/onnx/decode.js'
import { openNetwork } from '#atlas/compute/onnx/index.js'
import { lowerGraph } from '#atlas/compute/onnx/lower/index.js'
import { openProgram, statesBefore } from '#atlas/compute/geometry/index.js'
import { describe, expect, test } from 'vitest'
import { CONV_NETS, inputSize, preActivationsNaive, scoresNaive } from '../support/convNets.ts'
import { inCodeOrder } from '../support/codeOrder.ts'
import { buildModel, uniform } from '../support/onnx.ts'

const ROWS = 5

function samplesOf(size: number, rows = ROWS): Float32Array {
  const random = uniform(5)
  return Float32Array.from({ length: rows * size }, () => 2 * random() - 1)
}

const difference = (actual: ArrayLike<number>, expected: readonly number[]): number => {
  expect(actual.length).toBe(expected.length)
  return expected.reduce((worst, value, i) => Math.max(worst, Math.abs(value - actual[i])), 0)
}

describe.each(CONV_NETS)('a network with $name', (conv) => {
  const size = inputSize(conv)
  const values = samplesOf(size)
  const rows = Array.from({ length: ROWS }, (_, row) => values.subarray(row * size, (row + 1) * size))

  test('has the pre-activations that its operators’ definitions give', async () => {
    const runner = await openNetwork(
      buildModel(conv.spec),
      conv.taps.map((_, layer) => layer),
      { threads: 1 },
    )
    const { preActivations, scores } = await runner.run(values, ROWS)
    await runner.close()
    expect(runner.summary).toMatchObject({ batched: true, exactness: 'PIECEWISE_AFFINE' })
    const expected = rows.map((row) => preActivationsNaive(conv, row))
    preActivations.forEach((pre, layer) => {
      const wanted = expected.flatMap((layers) => layers[layer])
      expect(difference(inCodeOrder(runner, layer, pre), wanted)).toBeLessThan(1e-5)
    })
    expect(
      difference(
        scores,
        rows.flatMap((row) => scoresNaive(conv, row)),
      ),
    ).toBeLessThan(1e-5)
  })

  test('runs in float64 as the definitions of its operators say', async () => {
    const program = await openProgram(buildModel(conv.spec))
    const inputs = Float64Array.from(values)
    const layers = conv.taps.length
    const states = await statesBefore(program, inputs, ROWS, layers)
    const scores = await program.scores.run(states, ROWS)
    await program.close()
    expect(
      difference(
        scores,
        rows.flatMap((row) => scoresNaive(conv, row)),
      ),
    ).toBeLessThan(1e-12)
  })
})

test('many rows run in chunks, and give what each gives alone', async () => {
  const conv = CONV_NETS[0]
  const size = inputSize(conv)
  const rows = 5000
  const inputs = Float64Array.from(samplesOf(size, rows))
  const program = await openProgram(buildModel(conv.spec))
  const pre = await program.parts[0].run([inputs], rows)
  const width = program.parts[0].size
  for (const row of [0, 15, 16, 2600, 4999]) {
    const alone = await program.parts[0].run([inputs.subarray(row * size, (row + 1) * size)], 1)
    expect(difference(pre.subarray(row * width, (row + 1) * width), [...alone])).toBeLessThan(1e-14)
  }
  await program.close()
})

test('patches that would not fit for one sample are refused by name', () => {
  const { graph } = decodeModel(
    buildModel({
      inputs: { x: ['N', 3, 1000, 1000] },
      nodes: [{ op: 'Conv', name: 'wide', inputs: ['x', 'w'], output: 'y' }],
      outputs: ['y'],
    }),
  )
  const shapes = new Map([
    ['x', [1, 3, 1000, 1000]],
    ['w', [8, 3, 11, 11]],
    ['y', [1, 8, 990, 990]],
  ])
  expect(() => lowerGraph(graph, shapes, 13)).toThrow(
    expect.objectContaining({
      code: 'TOO_LARGE',
      message: expect.stringContaining('node "wide" (op Conv) takes 355776300 entries a sample'),
    }),
  )
})
