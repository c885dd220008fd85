// Small convolutional networks with random weights, one a form that files come in.
import { forwardNaive, type Naive } from './naive.ts'
import { node, uniform, type ModelSpec, type NodeSpec, type TensorSpec } from './onnx.ts'

/** A network, and its pre-activations in order with the axis (batch counted) that holds their units. */
export interface ConvNet {
  name: string
  spec: ModelSpec
  taps: readonly (readonly [name: string, unitAxis: number])[]
}

const random = uniform(17)

const elementCount = (shape: readonly number[]) => shape.reduce((all, size) => all * size, 1)

const draw = (shape: readonly number[], scale = 1): TensorSpec => ({
  shape,
  values: Array.from({ length: elementCount(shape) }, () => Math.fround(scale * (2 * random() - 1))),
})

const positive = (length: number): TensorSpec => ({
  shape: [length],
  values: Array.from({ length }, () => Math.fround(0.5 + random())),
})

/** The last layers of every network: Flatten and Gemm to three scores. */
const head = (from: string): NodeSpec[] => [
  node('Flatten', [from], 'flat'),
  node('Gemm', ['flat', 'wHead', 'bHead'], 'scores'),
]

const headWeights = (inputs: number) => ({ wHead: draw([inputs, 3], 0.5), bHead: draw([3]) })

const net = (
  name: string,
  shape: readonly number[],
  initializers: Record<string, TensorSpec>,
  nodes: readonly NodeSpec[],
  taps: ConvNet['taps'],
  more: Partial<ModelSpec> = {},
): ConvNet => ({
  name,
  spec: { inputs: { x: ['N', ...shape] }, initializers, nodes, outputs: ['scores'], ...more },
  taps,
})

export const CONV_NETS: readonly ConvNet[] = [
  net(
    'strides, uneven pads and no bias',
    [2, 5, 4],
    { w0: draw([3, 2, 3, 2]), w1: draw([4, 3, 2, 2]), b1: draw([4]), ...headWeights(4 * 3) },
    [
      node('Conv', ['x', 'w0'], 'p0', { strides: [2n, 1n], pads: [1n, 0n, 2n, 1n] }),
      node('Relu', ['p0'], 'r0'),
      node('Conv', ['r0', 'w1', 'b1'], 'p1', { dilations: [2n, 1n] }),
      node('LeakyRelu', ['p1'], 'r1', { alpha: 0.25 }),
      ...head('r1'),
    ],
    [
      ['p0', 1],
      ['p1', 1],
    ],
    { opset: 10 },
  ),
  net(
    'groups and dilation',
    [4, 6, 5],
    {
      w0: draw([6, 2, 3, 2]),
      b0: draw([6]),
      w1: draw([6, 1, 2, 2]),
      b1: draw([6]),
      ...headWeights(6 * 3 * 3),
    },
    [
      node('Conv', ['x', 'w0', 'b0'], 'p0', { group: 2n, dilations: [2n, 3n], pads: [1n, 1n, 1n, 1n] }),
      node('Relu', ['p0'], 'r0'),
      node('Conv', ['r0', 'w1', 'b1'], 'p1', { group: 6n }),
      node('Relu', ['p1'], 'r1'),
      ...head('r1'),
    ],
    [
      ['p0', 1],
      ['p1', 1],
    ],
  ),
  net(
    'one dimension, padded to the same length',
    [3, 7],
    { w0: draw([4, 3, 4]), b0: draw([4]), w1: draw([2, 4, 3]), ...headWeights(2 * 4) },
    [
      node('Conv', ['x', 'w0', 'b0'], 'p0', { auto_pad: 'SAME_UPPER' }),
      node('Relu', ['p0'], 'r0'),
      node('Conv', ['r0', 'w1'], 'p1', { auto_pad: 'SAME_LOWER', strides: [2n] }),
      node('Relu', ['p1'], 'r1'),
      ...head('r1'),
    ],
    [
      ['p0', 1],
      ['p1', 1],
    ],
  ),
  net(
    'three dimensions',
    [2, 3, 4, 3],
    { w0: draw([3, 2, 2, 3, 2]), b0: draw([3]), ...headWeights(3 * 2 * 2 * 2) },
    [node('Conv', ['x', 'w0', 'b0'], 'p0'), node('Relu', ['p0'], 'r0'), ...head('r0')],
    [['p0', 1]],
  ),
  net(
    'a residual sum with batch normalization and a shortcut of 1 x 1',
    [2, 4, 4],
    {
      w0: draw([3, 2, 3, 3]),
      w1: draw([3, 3, 3, 3], 0.5),
      wShort: draw([3, 2, 1, 1]),
      scale: draw([3]),
      bias: draw([3]),
      mean: draw([3]),
      variance: positive(3),
      ...headWeights(3),
    },
    [
      node('Conv', ['x', 'w0'], 'c0', { strides: [2n, 2n], pads: [1n, 1n, 1n, 1n] }),
      node('BatchNormalization', ['c0', 'scale', 'bias', 'mean', 'variance'], 'p0', { epsilon: 0.001 }),
      node('Relu', ['p0'], 'r0'),
      node('Conv', ['r0', 'w1'], 'c1', { pads: [1n, 1n, 1n, 1n] }),
      node('Conv', ['x', 'wShort'], 'short', { strides: [2n, 2n] }),
      node('Add', ['c1', 'short'], 'p1'),
      node('Relu', ['p1'], 'r1'),
      node('Add', ['r1', 'r0'], 'sum'),
      node('GlobalAveragePool', ['sum'], 'mean0'),
      ...head('mean0'),
    ],
    [
      ['p0', 1],
      ['p1', 1],
    ],
  ),
  net(
    'branches that are joined, and average pools',
    [1, 5, 5],
    {
      w0: draw([2, 1, 1, 1]),
      b0: draw([2]),
      w1: draw([2, 1, 3, 3]),
      b1: draw([2]),
      w2: draw([3, 4, 1, 1]),
      b2: draw([3]),
      ...headWeights(3 * 3 * 3),
    },
    [
      node('AveragePool', ['x'], 'pooled', {
        kernel_shape: [3n, 2n],
        pads: [1n, 0n, 1n, 1n],
        count_include_pad: 1n,
      }),
      node('Conv', ['pooled', 'w0', 'b0'], 'a'),
      node('Conv', ['x', 'w1', 'b1'], 'b', { pads: [1n, 1n, 1n, 1n] }),
      node('Concat', ['a', 'b'], 'p0', { axis: 1n }),
      node('Relu', ['p0'], 'r0'),
      node('AveragePool', ['r0'], 'pool', {
        kernel_shape: [2n, 3n],
        strides: [2n, 2n],
        pads: [0n, 1n, 0n, 1n],
        ceil_mode: 1n,
      }),
      node('Conv', ['pool', 'w2', 'b2'], 'p1'),
      node('LeakyRelu', ['p1'], 'r1', { alpha: 0.5 }),
      ...head('r1'),
    ],
    [
      ['p0', 1],
      ['p1', 1],
    ],
    { opset: 12 },
  ),
  net(
    'channels last outside of its convolution',
    [4, 3, 2],
    { w0: draw([3, 2, 2, 2]), b0: draw([3]), ...headWeights(3 * 3 * 2) },
    [
      node('Transpose', ['x'], 't', { perm: [0n, 3n, 1n, 2n] }),
      node('Conv', ['t', 'w0', 'b0'], 'c0'),
      node('Transpose', ['c0'], 'p0', { perm: [0n, 2n, 3n, 1n] }),
      node('Relu', ['p0'], 'r0'),
      ...head('r0'),
    ],
    [['p0', 3]],
  ),
]

/** Elements of one sample. */
export function inputSize({ spec }: ConvNet): number {
  return elementCount(
    Object.values(spec.inputs ?? {})[0]
      .slice(1)
      .map(Number),
  )
}

/** The pre-activations of every layer at a point in the order of the code: position, then unit. */
export function preActivationsNaive(conv: ConvNet, x: ArrayLike<number>): number[][] {
  const tensors = forwardNaive(conv.spec, x)
  return conv.taps.map(([name, axis]) => codeOrder(tensorOf(tensors, name), axis))
}

export function scoresNaive(conv: ConvNet, x: ArrayLike<number>): readonly number[] {
  return tensorOf(forwardNaive(conv.spec, x), 'scores').values
}

/** All bits at a point. */
export function codeNaive(conv: ConvNet, x: ArrayLike<number>): string {
  return preActivationsNaive(conv, x)
    .flat()
    .map((value) => Number(value > 0))
    .join('')
}

function tensorOf(tensors: Map<string, Naive>, name: string): Naive {
  const tensor = tensors.get(name)
  if (!tensor) throw new Error(`no ${name}`)
  return tensor
}

/** Sorts the elements by their other axes, then by the axis of the units. */
function codeOrder({ shape, values }: Naive, unitAxis: number): number[] {
  const elements = values.map((value, i) => {
    let rest = i
    const at = shape.toReversed().map((size) => {
      const index = rest % size
      rest = (rest - index) / size
      return index
    })
    at.reverse()
    const unit = at.splice(unitAxis, 1)
    return { value, key: [...at, ...unit] }
  })
  elements.sort((a, b) => a.key.map((index, i) => index - b.key[i]).find((d) => d !== 0) ?? 0)
  return elements.map(({ value }) => value)
}
