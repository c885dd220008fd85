import { describe, expect, test } from 'vitest'
import { openProgram, statesBefore } from '#atlas/compute/geometry/index.js'
import { inspectNetwork, openNetwork } from '#atlas/compute/onnx/index.js'
import { buildModel, integers, node, type NodeSpec, type TensorSpec } from '../support/onnx.ts'

const CONSTANTS = {
  zero: { shape: [], values: [0n] },
  axis0: integers(0n),
  minus1: integers(-1n),
  two: integers(2n),
  three: integers(3n),
}

/** The size of the batch as a vector `b`, as exporters write `x.size(0)`. */
const batch = [
  node('Shape', ['x'], 'shape'),
  node('Gather', ['shape', 'zero'], 'size'),
  node('Unsqueeze', ['size', 'axis0'], 'b'),
]

interface ShapeCase {
  name: string
  nodes: NodeSpec[]
  constants?: Record<string, TensorSpec>
  /** p of the sample [1, 2, 3, 4, 5, 6], which has the shape [2, 3]. */
  expected: number[]
}

const CASES: ShapeCase[] = [
  {
    name: 'x.view(x.size(0), -1)',
    nodes: [...batch, node('Concat', ['b', 'minus1'], 'to', { axis: 0n }), node('Reshape', ['x', 'to'], 'p')],
    expected: [1, 2, 3, 4, 5, 6],
  },
  {
    name: 'batch and rows as one axis, and apart again',
    constants: { w: { shape: [3, 2], values: [1, 0, 0, 1, 1, 1] } },
    nodes: [
      ...batch,
      node('Mul', ['b', 'two'], 'rows'),
      node('Concat', ['rows', 'three'], 'flat', { axis: 0n }),
      node('Reshape', ['x', 'flat'], 'r'),
      node('MatMul', ['r', 'w'], 'm'),
      node('Concat', ['b', 'minus1'], 'to', { axis: 0n }),
      node('Reshape', ['m', 'to'], 'p'),
    ],
    expected: [4, 5, 10, 11],
  },
  {
    name: 'a shape without the batch: a slice up to the width less one',
    nodes: [
      node('Shape', ['x'], 'shape'),
      node('Gather', ['shape', 'two'], 'width'),
      node('Add', ['width', 'minus1'], 'ends'),
      node('Slice', ['x', 'axis0', 'ends', 'two'], 'p'),
    ],
    expected: [1, 2, 4, 5],
  },
  {
    name: 'Expand to the batch',
    constants: { one: integers(1n) },
    nodes: [
      ...batch,
      node('Unsqueeze', ['x', 'one'], 'u'),
      node('Concat', ['b', 'two', 'one', 'one'], 'to', { axis: 0n }),
      node('Expand', ['u', 'to'], 'p'),
    ],
    expected: [1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6],
  },
  {
    name: 'values filled in by a shape',
    nodes: [
      node('Shape', ['x'], 'shape'),
      node('Slice', ['shape', 'one', 'three'], 'inner'),
      node('ConstantOfShape', ['inner'], 'tens', { value: { shape: [1], values: [10] } }),
      node('Add', ['x', 'tens'], 'p'),
    ],
    constants: { one: integers(1n) },
    expected: [11, 12, 13, 14, 15, 16],
  },
  {
    name: 'a mask by a shape',
    constants: { sizes: integers(2n, 3n, 4n), none: { shape: [], values: [0] } },
    nodes: [
      node('Shape', ['x'], 'shape'),
      node('Gather', ['shape', 'two'], 'width'),
      node('Equal', ['sizes', 'width'], 'mask'),
      node('Where', ['mask', 'x', 'none'], 'p'),
    ],
    expected: [0, 2, 0, 0, 5, 0],
  },
  {
    name: 'Tile and Where',
    constants: {
      times: integers(1n, 1n, 2n),
      odd: { shape: [6], values: [1n, 0n, 1n, 0n, 1n, 0n] },
      none: { shape: [], values: [0] },
    },
    nodes: [
      node('Tile', ['x', 'times'], 't'),
      node('Cast', ['odd'], 'where', { to: 9n }),
      node('Where', ['where', 't', 'none'], 'p'),
    ],
    expected: [1, 0, 3, 0, 2, 0, 4, 0, 6, 0, 5, 0],
  },
]

const modelOf = (nodes: readonly NodeSpec[], constants: Record<string, TensorSpec> = {}) =>
  buildModel({
    inputs: { x: ['N', 2, 3] },
    initializers: { ...CONSTANTS, ...constants },
    nodes: [...nodes, node('Relu', ['p'], 'y')],
    outputs: ['y'],
  })

describe.each(CASES)('$name', ({ nodes, constants, expected }) => {
  const model = modelOf(nodes, constants)
  const two = [1, 2, 3, 4, 5, 6, 2, 4, 6, 8, 10, 12]

  test('for codes', async () => {
    const runner = await openNetwork(model, [0])
    const { scores } = await runner.run(Float32Array.from(two), 2)
    await runner.close()
    expect(runner.summary).toMatchObject({ batched: true, exactness: 'PIECEWISE_AFFINE' })
    expect([...scores.subarray(0, expected.length)]).toEqual(expected)
    expect(scores).toHaveLength(2 * expected.length)
  })

  test('for exact geometry, where it is computed beforehand: batches of other sizes fit', async () => {
    const program = await openProgram(model)
    for (const rows of [1, 2, 5]) {
      const points = Float64Array.from({ length: rows * 6 }, (_, i) => two[i % 6])
      const pre = await program.parts[0].run(await statesBefore(program, points, rows, 0), rows)
      expect([...pre]).toEqual(Array.from({ length: rows }, () => expected).flat())
    }
    await program.close()
  })
})

describe('shapes that are not taken', () => {
  const token = modelOf(
    [
      ...batch,
      node('Concat', ['b', 'one', 'three'], 'to', { axis: 0n }),
      node('Expand', ['token', 'to'], 'tokens'),
      node('Concat', ['tokens', 'x'], 'p', { axis: 1n }),
    ],
    { one: integers(1n), token: { shape: [1, 1, 3], values: [7, 8, 9] } },
  )

  test('a token before each sample has codes, and geometry says what stands in its way', async () => {
    const runner = await openNetwork(token, [0])
    const { scores } = await runner.run(
      Float32Array.from({ length: 12 }, (_, i) => i + 1),
      2,
    )
    await runner.close()
    expect([...scores]).toEqual([7, 8, 9, 1, 2, 3, 4, 5, 6, 7, 8, 9, 7, 8, 9, 10, 11, 12])
    await expect(openProgram(token)).rejects.toMatchObject({
      code: 'BATCH_IN_SHAPE',
      message: expect.stringContaining('the node "p" (op Concat) takes "tokens"'),
    })
  })

  test('what compares values of the input', async () => {
    await expect(inspectNetwork(modelOf([node('Equal', ['x', 'x'], 'p')]))).rejects.toMatchObject({
      code: 'UNSUPPORTED_OPERATOR',
      message: expect.stringContaining('its operand depends on values of the input'),
    })
  })
})
