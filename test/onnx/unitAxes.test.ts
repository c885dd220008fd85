import { inspectNetwork } from '#atlas/compute/onnx/index.js'
import { describe, expect, test } from 'vitest'
import { buildModel, type AttributeSpec, type NodeSpec } from '../support/onnx.ts'

const node = (
  op: string,
  inputs: readonly string[],
  output: string,
  attributes: Record<string, AttributeSpec> = {},
): NodeSpec => ({ op, inputs, output, attributes })

const relu = node('Relu', ['p'], 'y')

describe('which axis holds the units', () => {
  const w = { shape: [5, 2, 1, 1], values: Array.from({ length: 10 }, (_, i) => i) }
  const conv = node('Conv', ['x', 'w'], 'c')
  const cases: readonly { name: string; nodes: readonly NodeSpec[]; units: number; positions: number }[] = [
    { name: 'Conv', nodes: [node('Neg', ['c'], 'p')], units: 5, positions: 12 },
    {
      name: 'Conv and a Transpose to channels last',
      nodes: [node('Transpose', ['c'], 'p', { perm: [0n, 2n, 3n, 1n] })],
      units: 5,
      positions: 12,
    },
    {
      name: 'Conv and a Transpose between',
      nodes: [node('Transpose', ['c'], 'p', { perm: [0n, 2n, 1n, 3n] })],
      units: 5,
      positions: 12,
    },
    {
      name: 'Conv and a mean over places',
      nodes: [node('ReduceMean', ['c'], 'p', { axes: [-1n, -2n], keepdims: 0n })],
      units: 5,
      positions: 1,
    },
    {
      name: 'Conv and a mean over rows',
      nodes: [node('ReduceMean', ['c'], 'p', { axes: [2n], keepdims: 0n })],
      units: 5,
      positions: 4,
    },
    {
      name: 'Conv and a mean over channels',
      nodes: [node('ReduceMean', ['c'], 'p', { axes: [1n], keepdims: 0n })],
      units: 4,
      positions: 3,
    },
    {
      name: 'Conv and another axis in front',
      nodes: [node('Unsqueeze', ['c', 'one'], 'u'), node('Neg', ['u'], 'p')],
      units: 5,
      positions: 12,
    },
    {
      name: 'Conv and a row of it',
      nodes: [node('Gather', ['c', 'row'], 'p', { axis: 2n })],
      units: 5,
      positions: 4,
    },
    { name: 'Conv and Flatten', nodes: [node('Flatten', ['c'], 'p')], units: 60, positions: 1 },
    {
      name: 'the input and Conv, summed',
      nodes: [node('Mul', ['x', 'half'], 'h'), node('Sum', ['h', 'c'], 'p')],
      units: 5,
      positions: 12,
    },
  ]

  test.each(cases)('after $name', async ({ nodes, units, positions }) => {
    const isSum = nodes.some(({ op }) => op === 'Sum')
    const { layers } = await inspectNetwork(
      buildModel({
        inputs: { x: ['N', isSum ? 5 : 2, 3, 4] },
        initializers: {
          w: isSum ? { shape: [5, 5, 1, 1], values: Array.from({ length: 25 }, (_, i) => i) } : w,
          one: { shape: [1], values: [1n] },
          row: { shape: [], values: [1n] },
          half: { shape: [], values: [0.5] },
        },
        nodes: [conv, ...nodes, relu],
        outputs: ['y'],
      }),
    )
    expect(layers[0]).toMatchObject({ unitCount: units, positionCount: positions })
  })

  test('after a matrix product over tokens, and inside a file that fixes its batch', async () => {
    const tokens = await inspectNetwork(
      buildModel({
        inputs: { x: [1, 4, 3] },
        initializers: { w: { shape: [3, 2], values: [1, 2, 3, 4, 5, 6] } },
        nodes: [node('MatMul', ['x', 'w'], 'p'), relu],
        outputs: ['y'],
      }),
    )
    expect(tokens.layers[0]).toMatchObject({ unitCount: 2, positionCount: 4, shape: [4, 2], unitAxis: 1 })
    const image = await inspectNetwork(
      buildModel({
        inputs: { x: [1, 2, 3, 4] },
        initializers: { w },
        nodes: [conv, node('Neg', ['c'], 'p'), relu],
        outputs: ['y'],
      }),
    )
    expect(image).toMatchObject({ batched: true })
    expect(image.layers[0]).toMatchObject({ unitCount: 5, shape: [5, 3, 4], unitAxis: 0 })
  })
})
