import { TensorProto_DataType } from 'onnx-buf'
import { expect, test } from 'vitest'
import { openProgram } from '#atlas/compute/geometry/index.js'
import { inspectNetwork, openNetwork } from '#atlas/compute/onnx/index.js'
import { buildModel, type NodeSpec } from '../support/onnx.ts'

const INT8 = 3n
const FLOAT16 = 10n

/** Weights in int8 with a scale a column: w = (q - 2) * scale. */
const initializers = {
  q: { shape: [3, 2], values: [4n, 0n, 2n, 3n, -6n, 10n] },
  z: { shape: [2], values: [2n, 2n] },
  s: { shape: [2], values: [0.5, 0.25] },
}
const weights: NodeSpec[] = [
  { op: 'Cast', inputs: ['q'], output: 'q8', attributes: { to: INT8 } },
  { op: 'Cast', inputs: ['z'], output: 'z8', attributes: { to: INT8 } },
  { op: 'DequantizeLinear', inputs: ['q8', 's', 'z8'], output: 'w', attributes: { axis: 1n } },
]

test('weights in int8 are those that they stand for, also in float64', async () => {
  const model = buildModel({
    initializers,
    nodes: [
      ...weights,
      { op: 'MatMul', inputs: ['x', 'w'], output: 'p' },
      { op: 'Relu', inputs: ['p'], output: 'y' },
    ],
    outputs: ['y'],
  })
  const values = [1, 2, 4, -1, 3, -2]
  // Columns [1, 0, -4] and [-0.5, 0.25, 2].
  const expected = [-15, 8, 7, -2.75]
  const runner = await openNetwork(model, [0])
  const { preActivations } = await runner.run(Float32Array.from(values), 2)
  await runner.close()
  expect(runner.summary).toMatchObject({ exactness: 'PIECEWISE_AFFINE', batched: true })
  expect([...preActivations[0]]).toEqual(expected)
  const program = await openProgram(model)
  expect([...(await program.parts[0].run([Float64Array.from(values)], 2))]).toEqual(expected)
  await program.close()
})

test('so are weights in int8 with a scale in float16', async () => {
  const model = buildModel({
    opset: 19,
    inputType: TensorProto_DataType.FLOAT16,
    initializers: { ...initializers, s32: initializers.s },
    nodes: [
      { op: 'Cast', inputs: ['s32'], output: 's16', attributes: { to: FLOAT16 } },
      ...weights.map((made) => ({
        ...made,
        inputs: made.inputs.map((name) => (name === 's' ? 's16' : name)),
      })),
      { op: 'MatMul', inputs: ['x', 'w'], output: 'p' },
      { op: 'Relu', inputs: ['p'], output: 'y' },
    ],
    outputs: ['y'],
  })
  const program = await openProgram(model)
  const pre = await program.parts[0].run([Float64Array.of(1, 2, 4, -1, 3, -2)], 2)
  await program.close()
  expect([...pre]).toEqual([-15, 8, 7, -2.75])
})

test('activations that are quantised make a network approximate', async () => {
  const { approximations, layers } = await inspectNetwork(
    buildModel({
      initializers: { s: { shape: [], values: [0.5] } },
      nodes: [
        { op: 'QuantizeLinear', name: 'round', inputs: ['x', 's'], output: 'q' },
        { op: 'DequantizeLinear', inputs: ['q', 's'], output: 'p' },
        { op: 'Relu', inputs: ['p'], output: 'y' },
      ],
      outputs: ['y'],
    }),
  )
  expect(layers).toHaveLength(1)
  expect(approximations).toEqual(['The node "round" (op QuantizeLinear) is not piecewise affine.'])
})
