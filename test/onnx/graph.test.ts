import { inspectNetwork, openNetwork } from '#atlas/compute/onnx/index.js'
import { describe, expect, test } from 'vitest'
import { buildModel, type ModelSpec, type NodeSpec } from '../support/onnx.ts'

/** Weights 3 × 2 that keep x₀ - x₁ and x₁ - x₂: easy to follow by hand. */
const DIFFERENCES = { shape: [3, 2], values: [1, 0, -1, 1, 0, -1] }
const relu = (input: string, output = 'scores'): NodeSpec => ({ op: 'Relu', inputs: [input], output })

async function observe(spec: ModelSpec, values: readonly number[], rows: number) {
  const bytes = buildModel(spec)
  const { layers } = await inspectNetwork(bytes)
  const runner = await openNetwork(
    bytes,
    layers.map(({ index }) => index),
    { threads: 1 },
  )
  const { preActivations, scores } = await runner.run(Float32Array.from(values), rows)
  await runner.close()
  return { summary: runner.summary, taps: preActivations.map((tap) => [...tap]), scores: [...scores] }
}

const TWO_SAMPLES = [1, 2, 4, 9, 5, 6]
const TWO_DIFFERENCES = [-1, -2, 4, -1]

describe('shapes and gates', () => {
  test('a residual network of Sub, Add, Identity and two outputs: the first holds the scores', async () => {
    const { taps, scores, summary } = await observe(
      {
        initializers: { w: DIFFERENCES, one: { shape: [1], values: [1] } },
        nodes: [
          { op: 'MatMul', inputs: ['x', 'w'], output: 'd' },
          relu('d', 'r'),
          { op: 'Identity', inputs: ['r'], output: 'same' },
          { op: 'Sub', inputs: ['same', 'one'], output: 'less' },
          { op: 'Add', inputs: ['less', 'd'], output: 'sum' },
          relu('sum', 'unused'),
        ],
        outputs: ['sum', 'unused'],
      },
      TWO_SAMPLES,
      2,
    )
    expect(taps).toEqual([TWO_DIFFERENCES, [-2, -3, 7, -2]])
    expect(scores).toEqual([-2, -3, 7, -2])
    expect(summary.layers.map(({ name, tap }) => [name, tap])).toEqual([
      ['r', 'd'],
      ['unused', 'sum'],
    ])
    expect(summary.parameterCount).toBe(7)
  })

  test('a dense layer over tokens has one position a token', async () => {
    const { taps, summary } = await observe(
      {
        inputs: { x: ['N', 2, 3] },
        initializers: { w: DIFFERENCES },
        nodes: [{ op: 'MatMul', inputs: ['x', 'w'], output: 'd' }, relu('d')],
        outputs: ['scores'],
      },
      TWO_SAMPLES,
      1,
    )
    expect(taps).toEqual([TWO_DIFFERENCES])
    expect(summary).toMatchObject({ inputShape: [2, 3], outputShape: [2, 2], batched: true })
    expect(summary.layers[0]).toMatchObject({ unitCount: 2, positionCount: 2 })
  })

  test('gates directly on the input, two gates on one tensor, and a gate on constants, which is no layer', async () => {
    const { taps, scores, summary } = await observe(
      {
        initializers: { c: { shape: [3], values: [-1, 2, 3] } },
        nodes: [
          relu('c', 'constant'),
          relu('x', 'a'),
          { op: 'LeakyRelu', name: 'leaky', inputs: ['x'], output: 'b', attributes: { alpha: 0.5 } },
          { op: 'Add', inputs: ['a', 'b'], output: 'ab' },
          { op: 'Add', inputs: ['ab', 'constant'], output: 'scores' },
        ],
        outputs: ['scores'],
      },
      [1, -2, 3],
      1,
    )
    expect(summary.layers.map(({ name, tap }) => [name, tap])).toEqual([
      ['a', 'x'],
      ['leaky', 'x'],
    ])
    expect(taps).toEqual([
      [1, -2, 3],
      [1, -2, 3],
    ])
    expect(scores).toEqual([2, 1, 9])
  })

  test('a product of two tensors that depend on the input makes the network approximate', async () => {
    const { summary } = await observe(
      {
        inputs: { x: ['N', 3, 3] },
        nodes: [{ op: 'MatMul', name: 'square', inputs: ['x', 'x'], output: 'xx' }, relu('xx')],
        outputs: ['scores'],
      },
      Array.from({ length: 9 }, () => 1),
      1,
    )
    expect(summary.exactness).toBe('APPROXIMATE')
    expect(summary.approximations).toEqual([
      'The node "square" (op MatMul) multiplies two tensors that both depend on the input.',
    ])
  })

  test('float constants count as parameters', async () => {
    const { summary, taps } = await observe(
      {
        nodes: [
          { op: 'Constant', inputs: [], output: 'w', attributes: { value: DIFFERENCES } },
          { op: 'Constant', inputs: [], output: 'half', attributes: { value_float: 0.5 } },
          { op: 'MatMul', inputs: ['x', 'w'], output: 'd' },
          { op: 'Add', inputs: ['d', 'half'], output: 'e' },
          relu('e'),
        ],
        outputs: ['scores'],
      },
      TWO_SAMPLES,
      2,
    )
    expect(summary.parameterCount).toBe(7)
    expect(taps).toEqual([TWO_DIFFERENCES.map((value) => value + 0.5)])
  })
})

describe('a fixed batch of 1 is lifted', () => {
  const reshape = (shape: readonly bigint[]): ModelSpec => ({
    inputs: { x: [1, 1, 3] },
    initializers: { w: DIFFERENCES, shape: { shape: [shape.length], values: shape } },
    nodes: [
      { op: 'Reshape', inputs: ['x', 'shape'], output: 'flat' },
      { op: 'MatMul', inputs: ['flat', 'w'], output: 'd' },
      relu('d'),
    ],
    outputs: ['scores'],
    valueInfo: { flat: [1, 3], d: [1, 2] },
  })

  test.each([[[1n, 3n]], [[1n, -1n]], [[-1n, 3n]], [[0n, 3n]]])(
    'through a Reshape to [%s]',
    async (shape) => {
      const { summary, taps } = await observe(reshape(shape), TWO_SAMPLES, 2)
      expect(summary).toMatchObject({ batched: true, inputShape: [1, 3], outputShape: [2] })
      expect(taps).toEqual([TWO_DIFFERENCES])
    },
  )

  test('through a Reshape to [1, -1] that takes a 0 for a size', async () => {
    const spec = reshape([1n, -1n])
    const [first, ...others] = spec.nodes
    const nodes = [{ ...first, attributes: { allowzero: 1n } }, ...others]
    const { summary, taps } = await observe({ ...spec, nodes, opset: 14 }, TWO_SAMPLES, 2)
    expect(summary.batched).toBe(true)
    expect(taps).toEqual([TWO_DIFFERENCES])
  })

  test('through a Reshape whose shape is a Constant node', async () => {
    const spec = reshape([1n, 3n])
    const constant = { op: 'Constant', inputs: [], output: 'shape', attributes: { value_ints: [1n, 3n] } }
    const { summary, taps } = await observe(
      { ...spec, initializers: { w: DIFFERENCES }, nodes: [constant, ...spec.nodes] },
      TWO_SAMPLES,
      2,
    )
    expect(summary.batched).toBe(true)
    expect(taps).toEqual([TWO_DIFFERENCES])
  })

  test('a shape shared with a Reshape of weights, which keeps it', async () => {
    const spec = reshape([1n, -1n])
    const { summary, taps } = await observe(
      {
        ...spec,
        initializers: { ...spec.initializers, c: { shape: [3], values: [10, 0, 0] } },
        nodes: [
          { op: 'Reshape', inputs: ['c', 'shape'], output: 'row' },
          { op: 'Reshape', inputs: ['x', 'shape'], output: 'flat' },
          { op: 'Add', inputs: ['flat', 'row'], output: 'moved' },
          { op: 'MatMul', inputs: ['moved', 'w'], output: 'd' },
          relu('d'),
        ],
      },
      TWO_SAMPLES,
      2,
    )
    expect(summary.batched).toBe(true)
    expect(taps).toEqual([[9, -2, 14, -1]])
  })

  test('a symbolic batch that a Reshape fixes at 1', async () => {
    const { summary, taps } = await observe(
      { ...reshape([1n, 3n]), inputs: { x: ['N', 1, 3] } },
      TWO_SAMPLES,
      2,
    )
    expect(summary.batched).toBe(true)
    expect(taps).toEqual([TWO_DIFFERENCES])
  })

  test('a sample without a batch axis that is flattened to [1, 3]', async () => {
    const { summary, taps } = await observe(
      { ...reshape([1n, 3n]), inputs: { x: [3] }, valueInfo: {} },
      TWO_SAMPLES,
      2,
    )
    expect(summary).toMatchObject({ batched: true, inputShape: [3] })
    expect(taps).toEqual([TWO_DIFFERENCES])
  })
})

describe('a network that takes no batch runs one sample at a time', () => {
  test('because it drops the batch axis', async () => {
    const { summary, taps, scores } = await observe(
      {
        inputs: { x: [1, 3] },
        initializers: { w: DIFFERENCES, shape: { shape: [1], values: [3n] } },
        nodes: [
          { op: 'Reshape', inputs: ['x', 'shape'], output: 'vector' },
          { op: 'MatMul', inputs: ['vector', 'w'], output: 'd' },
          relu('d'),
        ],
        outputs: ['scores'],
      },
      TWO_SAMPLES,
      2,
    )
    expect(summary).toMatchObject({ batched: false, inputShape: [3], outputShape: [2] })
    expect(summary.layers[0]).toMatchObject({ unitCount: 2, positionCount: 1 })
    expect(taps).toEqual([TWO_DIFFERENCES])
    expect(scores).toEqual([0, 0, 4, 0])
  })

  test.each([1, 1e-5])('because a batch would run but mix its samples, weighed %s', async (weight) => {
    // [1, 3] -> [3, batch] -> [batch, 3]: the exchange of the outer rows moves values between samples.
    const { summary, taps } = await observe(
      {
        inputs: { x: [1, 3] },
        initializers: {
          w: DIFFERENCES,
          v: { shape: [3, 2], values: DIFFERENCES.values.map((value) => value * weight) },
          exchange: { shape: [3, 3], values: [0, 0, 1, 0, 1, 0, 1, 0, 0] },
          column: { shape: [2], values: [3n, -1n] },
          row: { shape: [2], values: [1n, 3n] },
        },
        nodes: [
          { op: 'Reshape', inputs: ['x', 'column'], output: 'upright' },
          { op: 'MatMul', inputs: ['exchange', 'upright'], output: 'turned' },
          { op: 'Reshape', inputs: ['turned', 'row'], output: 'flat' },
          { op: 'MatMul', inputs: ['flat', 'v'], output: 'mixed' },
          { op: 'MatMul', inputs: ['x', 'w'], output: 'straight' },
          { op: 'Add', inputs: ['straight', 'mixed'], output: 'd' },
          relu('d'),
        ],
        outputs: ['scores'],
      },
      TWO_SAMPLES,
      2,
    )
    const mixed = [2, 1, 1, -4]
    expect(summary.batched).toBe(false)
    expect(taps).toEqual([TWO_DIFFERENCES.map((value, i) => Math.fround(value + weight * mixed[i]))])
  })
})
