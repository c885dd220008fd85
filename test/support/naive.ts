// Convolutional networks in float64, one sample at a time, written from the operators' definitions with plain loops.
import type { AttributeSpec, ModelSpec, NodeSpec } from './onnx.ts'

/** A tensor with its batch axis of 1, row-major. */
export interface Naive {
  shape: readonly number[]
  values: readonly number[]
}

/** All tensors of a network for one sample, by name. */
export function forwardNaive(spec: ModelSpec, sample: ArrayLike<number>): Map<string, Naive> {
  const tensors = new Map<string, Naive>()
  for (const [name, { shape, values }] of Object.entries(spec.initializers ?? {})) {
    tensors.set(name, {
      shape,
      values: Array.from(values, (value: number | bigint) => Math.fround(Number(value))),
    })
  }
  const [[input, [, ...shape]]] = Object.entries(spec.inputs ?? { x: ['N', 3] })
  tensors.set(input, { shape: [1, ...shape.map(Number)], values: Array.from(sample) })
  for (const node of spec.nodes) {
    const operands = node.inputs.map((name) => {
      const tensor = tensors.get(name)
      if (!tensor) throw new Error(`no ${name}`)
      return tensor
    })
    tensors.set(node.output, run(node, operands))
  }
  return tensors
}

function run(node: NodeSpec, operands: readonly Naive[]): Naive {
  const [x, y] = operands
  switch (node.op) {
    case 'Relu':
      return { ...x, values: x.values.map((value) => Math.max(0, value)) }
    case 'LeakyRelu': {
      const slope = Math.fround(Number(node.attributes?.alpha))
      return { ...x, values: x.values.map((value) => (value > 0 ? value : slope * value)) }
    }
    case 'Add':
      return { ...x, values: x.values.map((value, i) => value + y.values[i]) }
    case 'Flatten':
      return { shape: [1, x.values.length], values: x.values }
    case 'Gemm':
      return dense(x, y, operands[2])
    case 'Transpose':
      return fill(
        ints(node, 'perm', []).map((axis) => x.shape[axis]),
        (at) =>
          read(
            x,
            ints(node, 'perm', []).reduce<number[]>((from, axis, i) => ((from[axis] = at[i]), from), []),
          ),
      )
    case 'Concat': {
      const channels = operands.reduce((sum, { shape }) => sum + shape[1], 0)
      const places = operands.flatMap((tensor, i) =>
        Array.from({ length: tensor.shape[1] }, (_, c) => [i, c]),
      )
      return fill([1, channels, ...x.shape.slice(2)], ([, c, ...at]) =>
        read(operands[places[c][0]], [0, places[c][1], ...at]),
      )
    }
    case 'BatchNormalization': {
      const [scale, bias, mean, variance] = operands.slice(1).map(({ values }) => values)
      const epsilon = Math.fround(Number(node.attributes?.epsilon))
      return fill(x.shape, (at) => {
        const c = at[1]
        return ((read(x, at) - mean[c]) / Math.sqrt(variance[c] + epsilon)) * scale[c] + bias[c]
      })
    }
    case 'Conv':
      return convolved(node, x, y, operands.at(2))
    case 'AveragePool':
      return averaged(node, x)
    case 'GlobalAveragePool': {
      const size = x.values.length / x.shape[1]
      return fill([1, x.shape[1], ...x.shape.slice(2).map(() => 1)], ([, c]) =>
        x.values.slice(c * size, (c + 1) * size).reduce((sum, value) => sum + value / size, 0),
      )
    }
    default:
      throw new Error(`no ${node.op}`)
  }
}

function dense(x: Naive, weights: Naive, bias: Naive): Naive {
  const [inputs, outputs] = weights.shape
  return fill([1, outputs], ([, j]) => {
    let sum = bias.values[j]
    for (let i = 0; i < inputs; i++) sum += x.values[i] * read(weights, [i, j])
    return sum
  })
}

function convolved(node: NodeSpec, x: Naive, weights: Naive, bias?: Naive): Naive {
  const [features, groupChannels, ...kernel] = weights.shape
  const groups = Number(node.attributes?.group ?? 1n)
  const { output, place } = slide(node, x.shape.slice(2), kernel)
  return fill([1, features, ...output], ([, f, ...at]) => {
    const group = Math.floor(f / (features / groups))
    let sum = bias?.values[f] ?? 0
    each(kernel, (k) => {
      const from = place(at, k)
      if (from === 'PADDING' || from === 'BEYOND') return
      for (let c = 0; c < groupChannels; c++) {
        sum += read(weights, [f, c, ...k]) * read(x, [0, group * groupChannels + c, ...from])
      }
    })
    return sum
  })
}

function averaged(node: NodeSpec, x: Naive): Naive {
  const kernel = ints(node, 'kernel_shape', [])
  const { output, place } = slide(node, x.shape.slice(2), kernel)
  const padding = node.attributes?.count_include_pad === 1n
  return fill([1, x.shape[1], ...output], ([, c, ...at]) => {
    let sum = 0
    let count = 0
    each(kernel, (k) => {
      const from = place(at, k)
      if (from === 'PADDING') count += Number(padding)
      else if (from !== 'BEYOND') {
        count++
        sum += read(x, [0, c, ...from])
      }
    })
    return sum / count
  })
}

/** Sizes of the output, and where an entry of a window lies. */
function slide(node: NodeSpec, input: readonly number[], kernel: readonly number[]) {
  const strides = ints(
    node,
    'strides',
    kernel.map(() => 1),
  )
  const dilations = ints(
    node,
    'dilations',
    kernel.map(() => 1),
  )
  const reach = kernel.map((size, d) => (size - 1) * dilations[d] + 1)
  const automatic = node.attributes?.auto_pad
  const pads = [
    ...ints(
      node,
      'pads',
      [...input, ...input].map(() => 0),
    ),
  ]
  if (automatic === 'SAME_UPPER' || automatic === 'SAME_LOWER') {
    input.forEach((size, d) => {
      const total = Math.max(0, (Math.ceil(size / strides[d]) - 1) * strides[d] + reach[d] - size)
      const before = automatic === 'SAME_UPPER' ? Math.floor(total / 2) : Math.ceil(total / 2)
      pads[d] = before
      pads[d + input.length] = total - before
    })
  }
  const output = input.map((size, d) => {
    const room = (size + pads[d] + pads[d + input.length] - reach[d]) / strides[d]
    if (node.attributes?.ceil_mode !== 1n) return Math.floor(room) + 1
    const count = Math.ceil(room) + 1
    return (count - 1) * strides[d] >= size + pads[d] ? count - 1 : count // none may start behind the input
  })
  const place = (at: readonly number[], k: readonly number[]) => {
    const from = at.map((o, d) => o * strides[d] + k[d] * dilations[d] - pads[d])
    if (from.some((i, d) => i >= input[d] + pads[d + input.length])) return 'BEYOND'
    return from.some((i, d) => i < 0 || i >= input[d]) ? 'PADDING' : from
  }
  return { output, place }
}

function ints(node: NodeSpec, name: string, otherwise: readonly number[]): readonly number[] {
  const value: AttributeSpec | undefined = node.attributes?.[name]
  return Array.isArray(value) ? value.map(Number) : otherwise
}

/** Calls with every index of a shape, in row-major order. */
function each(shape: readonly number[], visit: (at: number[]) => void): void {
  const walk = (at: number[]): void => {
    if (at.length === shape.length) visit(at)
    else for (let i = 0; i < shape[at.length]; i++) walk([...at, i])
  }
  walk([])
}

function fill(shape: readonly number[], value: (at: number[]) => number): Naive {
  const values: number[] = []
  each(shape, (at) => values.push(value(at)))
  return { shape, values }
}

function read({ shape, values }: Naive, at: readonly number[]): number {
  return values[shape.reduce((place, size, axis) => place * size + at[axis], 0)]
}
