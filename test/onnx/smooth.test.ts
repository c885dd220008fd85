import { describe, expect, test } from 'vitest'
import { packGate } from '#atlas/compute/codes/index.js'
import { openProgram } from '#atlas/compute/geometry/index.js'
import { inspectNetwork, openNetwork } from '#atlas/compute/onnx/index.js'
import { buildModel, uniform } from '../support/onnx.ts'
import { transformer, type GeluForm } from '../support/transformer.ts'

/** What each smooth gate puts out at x. */
const GATES: [string, (x: number) => number][] = [
  ['Sigmoid', (x) => 1 / (1 + Math.exp(-x))],
  ['Tanh', Math.tanh],
  ['Elu', (x) => (x > 0 ? x : Math.exp(x) - 1)],
  ['Selu', (x) => 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * (Math.exp(x) - 1))],
  ['Softplus', (x) => Math.log(1 + Math.exp(x))],
]

describe('smooth gates', () => {
  test.each(GATES)('%s has the sign of its pre-activation as its bit', async (op, value) => {
    const nodes = [
      { op: 'Neg', inputs: ['x'], output: 'p' },
      { op, name: 'gate', inputs: ['p'], output: 'scores' },
    ]
    const runner = await openNetwork(buildModel({ nodes, outputs: ['scores'] }), [0])
    const { preActivations, scores } = await runner.run(Float32Array.of(-1, 2, 0, 0.5, -3, -0.25), 2)
    await runner.close()
    const [layer] = runner.summary.layers
    expect(layer).toMatchObject({ name: 'gate', operator: op, exact: false, bitsPerUnit: 1, unitCount: 3 })
    expect([...packGate(preActivations[0], 2, layer).codes]).toEqual([0b001, 0b110])
    for (const [i, x] of [1, -2, 0, -0.5, 3, 0.25].entries()) expect(scores[i]).toBeCloseTo(value(x), 5)
    expect(runner.summary).toMatchObject({
      exactness: 'APPROXIMATE',
      approximations: [`The node "gate" (op ${op}) is not piecewise affine.`],
    })
  })

  test('SiLU is a Sigmoid and a product', async () => {
    const { layers, approximations } = await inspectNetwork(
      buildModel({
        nodes: [
          { op: 'Sigmoid', name: 's', inputs: ['x'], output: 's' },
          { op: 'Mul', name: 'm', inputs: ['x', 's'], output: 'scores' },
        ],
        outputs: ['scores'],
      }),
    )
    expect(layers).toHaveLength(1)
    expect(approximations).toHaveLength(2)
  })
})

describe.each<[GeluForm, string]>([
  ['node', 'Gelu'],
  ['erf', 'Erf'],
  ['tanh', 'Tanh'],
])('a transformer with Gelu as %s', (form, operator) => {
  const net = transformer(form)

  test('has the codes and scores of plain loops, a position a token', async () => {
    const samples = 40
    const random = uniform(7)
    const values = Float32Array.from({ length: samples * net.inputSize }, () => 4 * random() - 2)
    const runner = await openNetwork(net.model, [0])
    const { preActivations, scores } = await runner.run(values, samples)
    await runner.close()
    const [layer] = runner.summary.layers
    expect(runner.summary.layers).toHaveLength(1)
    expect(layer).toMatchObject({ operator, unitCount: 10, positionCount: 4, exact: false })
    expect(runner.summary.batched).toBe(true)
    for (let i = 0; i < samples; i++) {
      const { gelu, scores: expected } = net.forward(
        values.subarray(i * net.inputSize, (i + 1) * net.inputSize),
      )
      expected.forEach((score, j) => expect(scores[3 * i + j]).toBeCloseTo(score, 3))
      for (const [j, pre] of gelu.flat().entries()) {
        if (Math.abs(pre) > 1e-4) expect(preActivations[0][40 * i + j] > 0).toBe(pre > 0)
      }
    }
  })

  test('says all the reasons why it has no exact geometry', async () => {
    const { exactness, approximations } = await inspectNetwork(net.model)
    expect(exactness).toBe('APPROXIMATE')
    const reasons = approximations.join(' ')
    expect(reasons).toContain('"attention" (op MatMul) multiplies two tensors that both depend on the input')
    expect(reasons).toContain('"softmax" (op Softmax) is not piecewise affine')
    expect(reasons).toContain('(op LayerNormalization) is not piecewise affine')
    expect(reasons).toContain(`"gate" (op ${operator}) is not piecewise affine`)
    await expect(openProgram(net.model)).rejects.toMatchObject({
      code: 'NOT_PIECEWISE_AFFINE',
      message: expect.stringContaining('"softmax" (op Softmax)'),
    })
  })
})
