import { openProgram, statesBefore } from '#atlas/compute/geometry/index.js'
import { inspectNetwork, openNetwork } from '#atlas/compute/onnx/index.js'
import { describe, expect, test } from 'vitest'
import {
  buildModel,
  integers,
  node,
  type ModelSpec,
  type NodeSpec,
  type TensorSpec,
} from '../support/onnx.ts'

const relu = node('Relu', ['p'], 'y')
const vector = (...values: number[]): TensorSpec => ({ shape: [values.length], values })
interface OperatorCase {
  name: string
  nodes: readonly NodeSpec[]
  constants?: Readonly<Record<string, TensorSpec>>
  /** p of the sample [1, 2, 3, 4, 5, 6], which has the shape [2, 3]. */
  expected: readonly number[]
  opset?: number
}

/** Every operator that moves or weighs values, on the rows [1, 2, 3] and [4, 5, 6]. */
const CASES: readonly OperatorCase[] = [
  { name: 'Neg', nodes: [node('Neg', ['x'], 'p')], expected: [-1, -2, -3, -4, -5, -6] },
  { name: 'Sum', nodes: [node('Sum', ['x', 'x', 'x'], 'p')], expected: [3, 6, 9, 12, 15, 18] },
  {
    name: 'Mul and Div',
    constants: { m: vector(2, 4, 8), d: { shape: [2, 1], values: [2, -4] } },
    nodes: [node('Mul', ['m', 'x'], 'a'), node('Div', ['a', 'd'], 'p')],
    expected: [1, 4, 12, -2, -5, -12],
  },
  {
    name: 'Concat',
    nodes: [node('Neg', ['x'], 'n'), node('Concat', ['n', 'x'], 'p', { axis: 2n })],
    expected: [-1, -2, -3, 1, 2, 3, -4, -5, -6, 4, 5, 6],
  },
  {
    name: 'Split',
    constants: { sizes: integers(1n, 2n) },
    nodes: [node('Split', ['x', 'sizes'], 'rest,p', { axis: 2n })],
    expected: [2, 3, 5, 6],
  },
  {
    name: 'Slice',
    constants: { starts: integers(-1n), ends: integers(-4n), axes: integers(2n), steps: integers(-2n) },
    nodes: [node('Slice', ['x', 'starts', 'ends', 'axes', 'steps'], 'p')],
    expected: [3, 1, 6, 4],
  },
  {
    name: 'Slice with attributes',
    nodes: [node('Slice', ['x'], 'p', { starts: [1n], ends: [3n], axes: [2n] })],
    expected: [2, 3, 5, 6],
    opset: 9,
  },
  {
    name: 'Gather',
    constants: { indices: integers(2n, 0n) },
    nodes: [node('Gather', ['x', 'indices'], 'p', { axis: 2n })],
    expected: [3, 1, 6, 4],
  },
  {
    name: 'Pad',
    constants: { pads: integers(0n, 0n, 1n, 0n, 0n, 0n), value: { shape: [], values: [7] } },
    nodes: [node('Pad', ['x', 'pads', 'value'], 'p')],
    expected: [7, 1, 2, 3, 7, 4, 5, 6],
  },
  {
    name: 'Pad by reflection',
    constants: { pads: integers(0n, 0n, 0n, 0n, 0n, 2n) },
    nodes: [node('Pad', ['x', 'pads'], 'p', { mode: 'reflect' })],
    expected: [1, 2, 3, 2, 1, 4, 5, 6, 5, 4],
  },
  {
    name: 'Transpose, Reshape and Flatten',
    constants: { shape: integers(-1n, 3n, 1n, 2n) },
    nodes: [
      node('Transpose', ['x'], 't', { perm: [0n, 2n, 1n] }),
      node('Reshape', ['t', 'shape'], 'r'),
      node('Flatten', ['r'], 'p'),
    ],
    expected: [1, 4, 2, 5, 3, 6],
  },
  {
    name: 'Unsqueeze and Squeeze',
    constants: { axes: integers(1n) },
    nodes: [node('Unsqueeze', ['x', 'axes'], 'u'), node('Squeeze', ['u', 'axes'], 'p')],
    expected: [1, 2, 3, 4, 5, 6],
  },
  {
    name: 'ReduceMean',
    nodes: [node('ReduceMean', ['x'], 'p', { axes: [-1n], keepdims: 0n })],
    expected: [2, 5],
  },
  {
    name: 'ReduceSum',
    constants: { axes: integers(1n) },
    nodes: [node('ReduceSum', ['x', 'axes'], 'p')],
    expected: [5, 7, 9],
  },
  { name: 'GlobalAveragePool', nodes: [node('GlobalAveragePool', ['x'], 'p')], expected: [2, 5] },
  {
    name: 'AveragePool',
    nodes: [node('AveragePool', ['x'], 'p', { kernel_shape: [2n], pads: [0n, 1n] })],
    expected: [1.5, 2.5, 3, 4.5, 5.5, 6],
  },
  {
    name: 'AveragePool that counts its padding',
    nodes: [
      node('AveragePool', ['x'], 'p', {
        kernel_shape: [2n],
        strides: [3n],
        pads: [1n, 1n],
        count_include_pad: 1n,
      }),
    ],
    expected: [0.5, 1.5, 2, 3],
  },
  {
    name: 'BatchNormalization',
    constants: { scale: vector(2, 1), bias: vector(1, 0), mean: vector(2, 5), variance: vector(4, 0.25) },
    nodes: [node('BatchNormalization', ['x', 'scale', 'bias', 'mean', 'variance'], 'p', { epsilon: 0 })],
    expected: [0, 1, 2, -2, 0, 2],
  },
  {
    name: 'Dropout and Cast',
    nodes: [node('Dropout', ['x'], 'd'), node('Cast', ['d'], 'p', { to: 1n })],
    expected: [1, 2, 3, 4, 5, 6],
  },
  {
    name: 'Einsum',
    constants: { w: { shape: [3, 2], values: [1, 2, 3, 4, 5, 6] } },
    nodes: [node('Einsum', ['x', 'w'], 'p', { equation: 'bij,jk->bki' })],
    expected: [22, 49, 28, 64],
  },
  {
    name: 'LayerNorm’s constants, computed',
    constants: { v: vector(4, 16, 64) },
    nodes: [node('Sqrt', ['v'], 's'), node('Div', ['x', 's'], 'p')],
    expected: [0.5, 0.5, 0.375, 2, 1.25, 0.75],
  },
  {
    name: 'Conv',
    constants: { w: { shape: [1, 2, 2], values: [1, 10, 100, 1000] }, b: vector(0.5) },
    nodes: [node('Conv', ['x', 'w', 'b'], 'p')],
    expected: [5421.5, 6532.5],
  },
]

const modelOf = ({ nodes, constants = {}, opset }: OperatorCase): ModelSpec => ({
  inputs: { x: ['N', 2, 3] },
  initializers: constants,
  nodes: [...nodes, relu],
  outputs: ['y'],
  ...(opset !== undefined && { opset }),
})

describe.each(CASES)('$name', (operator) => {
  const bytes = buildModel(modelOf(operator))
  const sample = [1, 2, 3, 4, 5, 6]
  const two = [...sample, ...sample.map((value) => 2 * value)]

  test('in float32, for codes', async () => {
    const runner = await openNetwork(bytes, [0])
    const { scores } = await runner.run(Float32Array.from(two), 2)
    await runner.close()
    expect(runner.summary).toMatchObject({ batched: true, exactness: 'PIECEWISE_AFFINE' })
    const first = [...scores.subarray(0, scores.length / 2)]
    expect(first).toEqual(operator.expected.map((value) => Math.max(0, value)))
  })

  test('in float64, for exact geometry', async () => {
    const program = await openProgram(bytes)
    const pre = await program.parts[0].run(await statesBefore(program, Float64Array.from(two), 2, 0), 2)
    await program.close()
    operator.expected.forEach((value, i) => expect(pre[i]).toBeCloseTo(value, 12))
    expect(pre).toHaveLength(2 * operator.expected.length)
  })
})

describe('what is no affine map', () => {
  const approximations = async (...nodes: NodeSpec[]) => {
    const { exactness, approximations } = await inspectNetwork(
      buildModel({ nodes: [...nodes, relu], outputs: ['y'] }),
    )
    expect(exactness).toBe('APPROXIMATE')
    return approximations
  }

  test('a product of two branches', async () => {
    expect(await approximations(node('Neg', ['x'], 'n'), node('Mul', ['x', 'n'], 'p'))).toEqual([
      'The node "p" (op Mul) multiplies two tensors that both depend on the input.',
    ])
  })

  test('a quotient by the input', async () => {
    expect(await approximations(node('Div', ['x', 'x'], 'p'))).toEqual([
      'The node "p" (op Div) is affine only where its operand "x" is constant, but that depends on the input.',
    ])
  })

  test.each(['Exp', 'Log', 'LogSoftmax', 'Reciprocal', 'Softmax', 'Sqrt'])('%s', async (op) => {
    expect(await approximations(node(op, ['x'], 'p'))).toEqual([
      `The node "p" (op ${op}) is not piecewise affine.`,
    ])
  })

  test('a product of three by Einsum, which is refused', async () => {
    const einsum = node('Einsum', ['x', 'x', 'x'], 'p', { equation: 'ni,ni,ni->ni' })
    await expect(approximations(einsum)).rejects.toMatchObject({
      code: 'UNSUPPORTED_OPERATOR',
      message: expect.stringContaining('multiplies more than two tensors'),
    })
  })

  test('and exact geometry says why it takes it not', async () => {
    const bytes = buildModel({ nodes: [node('Mul', ['x', 'x'], 'p'), relu], outputs: ['y'] })
    await expect(openProgram(bytes)).rejects.toMatchObject({
      code: 'NOT_PIECEWISE_AFFINE',
      message: expect.stringContaining('"p" (op Mul) multiplies two tensors'),
    })
  })
})
