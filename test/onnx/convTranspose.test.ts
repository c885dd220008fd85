import { describe, expect, test } from 'vitest'
import { openProgram } from '#atlas/compute/geometry/index.js'
import { openNetwork } from '#atlas/compute/onnx/index.js'
import { buildModel, uniform, type AttributeSpec } from '../support/onnx.ts'

interface Case {
  name: string
  /** Channels, then places. */
  input: number[]
  /** Channels in, channels out of a group, then the kernel. */
  weights: number[]
  attributes: Record<string, AttributeSpec>
  output: number[]
  bias?: boolean
}

const CASES: Case[] = [
  { name: 'a stride', input: [2, 3], weights: [2, 1, 2], attributes: { strides: [2n] }, output: [1, 6] },
  {
    name: 'overlaps, a bias and uneven padding in 2-D',
    input: [3, 4, 5],
    weights: [3, 2, 3, 2],
    attributes: { strides: [2n, 1n], pads: [1n, 0n, 2n, 1n] },
    output: [2, 6, 5],
    bias: true,
  },
  {
    name: 'groups, dilation and room behind',
    input: [4, 3, 3],
    weights: [4, 3, 2, 2],
    attributes: { group: 2n, strides: [3n, 2n], dilations: [1n, 3n], output_padding: [2n, 1n] },
    output: [6, 10, 9],
  },
  {
    name: 'three axes',
    input: [1, 2, 3, 2],
    weights: [1, 2, 2, 1, 3],
    attributes: { strides: [1n, 2n, 2n] },
    output: [2, 3, 5, 5],
  },
  {
    name: 'an output shape given',
    input: [2, 4],
    weights: [2, 2, 4],
    attributes: { strides: [2n], output_shape: [7n] },
    output: [2, 7],
  },
  {
    name: 'SAME_UPPER',
    input: [1, 4],
    weights: [1, 1, 5],
    attributes: { strides: [2n], auto_pad: 'SAME_UPPER' },
    output: [1, 8],
  },
  {
    name: 'SAME_LOWER',
    input: [1, 4],
    weights: [1, 1, 5],
    attributes: { strides: [2n], auto_pad: 'SAME_LOWER' },
    output: [1, 8],
  },
]

const count = (shape: readonly number[]) => shape.reduce((a, b) => a * b)

describe.each(CASES)('ConvTranspose with $name', ({ input, weights, attributes, output, bias }) => {
  const random = uniform(9)
  const draw = (length: number) => Array.from({ length }, () => Math.fround(2 * random() - 1))
  const model = buildModel({
    inputs: { x: ['N', ...input] },
    initializers: {
      w: { shape: weights, values: draw(count(weights)) },
      b: { shape: [output[0]], values: draw(output[0]) },
    },
    nodes: [
      { op: 'ConvTranspose', inputs: bias ? ['x', 'w', 'b'] : ['x', 'w'], output: 'p', attributes },
      { op: 'Relu', inputs: ['p'], output: 'y' },
    ],
    outputs: ['y'],
  })
  const values = draw(3 * count(input))

  test('in float64 is what ONNX Runtime computes in float32, channels as units', async () => {
    const runner = await openNetwork(model, [0])
    const { preActivations } = await runner.run(Float32Array.from(values), 3)
    await runner.close()
    const [layer] = runner.summary.layers
    const [units, ...places] = output
    const positions = count(places)
    expect(layer).toMatchObject({ shape: output, unitCount: units, positionCount: positions })
    const program = await openProgram(model)
    const pre = await program.parts[0].run([Float64Array.from(values)], 3)
    await program.close()
    expect(pre).toHaveLength(3 * units * positions)
    preActivations[0].forEach((value, i) => expect(Math.abs(pre[i] - value)).toBeLessThan(1e-5))
    expect(Math.max(...pre)).toBeGreaterThan(0.5)
  })
})
