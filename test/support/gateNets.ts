// Small random networks with every kind of gate, and what they compute: one plain loop a gate, in float64.
import { affine, buildModel, uniform, type AffineLayer, type NodeSpec, type TensorSpec } from './onnx.ts'

/** What one step of a network makes of one sample. */
interface Step {
  run(values: readonly number[]): { output: number[]; bits?: number[] }
  /** Its nodes, from a tensor to one of this name. */
  nodes(from: string, to: string): NodeSpec[]
  initializers?: Record<string, TensorSpec>
}

/** A network, and its code and scores by the steps' own loops. */
export interface GateNet {
  inputs: number
  model: Uint8Array
  forward(x: ArrayLike<number>): { bits: number[]; scores: number[] }
}

export function gateNet(inputs: number, steps: readonly Step[]): GateNet {
  const nodes: NodeSpec[] = []
  const initializers: Record<string, TensorSpec> = {}
  steps.forEach((step, i) => {
    nodes.push(...step.nodes(i === 0 ? 'x' : `t${i}`, i === steps.length - 1 ? 'scores' : `t${i + 1}`))
    Object.assign(initializers, step.initializers)
  })
  return {
    inputs,
    model: buildModel({ inputs: { x: ['N', inputs] }, initializers, nodes, outputs: ['scores'] }),
    forward(x) {
      const bits: number[] = []
      let values = Array.from(x)
      for (const step of steps) {
        const { output, bits: own = [] } = step.run(values)
        bits.push(...own)
        values = output
      }
      return { bits, scores: values }
    },
  }
}

/** An affine layer with random weights. */
export function gemm(name: string, inputs: number, outputs: number, random: () => number): Step {
  const layer = randomLayer(inputs, outputs, random)
  return {
    run: (values) => ({ output: affine(layer, values) }),
    nodes: (from, to) => [{ op: 'Gemm', inputs: [from, `${name}w`, `${name}b`], output: to }],
    initializers: weightsOf(name, layer),
  }
}

function randomLayer(inputs: number, outputs: number, random: () => number): AffineLayer {
  const bound = Math.sqrt(3 / inputs)
  const draw = (length: number) => Array.from({ length }, () => Math.fround((2 * random() - 1) * bound))
  return { inputs, outputs, weights: draw(inputs * outputs), bias: draw(outputs) }
}

function weightsOf(name: string, { inputs, outputs, weights, bias }: AffineLayer) {
  return {
    [`${name}w`]: { shape: [inputs, outputs], values: weights },
    [`${name}b`]: { shape: [outputs], values: bias },
  }
}

/** A gate of one entry: its bits and its value at x; `unit` counts along the last axis. */
export function entrywise(
  op: string,
  gate: (x: number, unit: number) => { bits: boolean[]; y: number },
  more: Pick<NodeSpec, 'attributes'> & { operands?: Record<string, TensorSpec>; inputs?: string[] } = {},
): Step {
  const { attributes = {}, operands = {}, inputs = Object.keys(operands) } = more
  return {
    run(values) {
      const found = values.map(gate)
      return { output: found.map(({ y }) => y), bits: found.flatMap(({ bits }) => bits.map(Number)) }
    },
    nodes: (from, to) => [{ op, inputs: [from, ...inputs], output: to, attributes }],
    initializers: operands,
  }
}

/** Max or Min of two random affine maps of the values, of one and a constant, or of one with itself. */
export function comparing(
  op: 'Max' | 'Min',
  name: string,
  inputs: number,
  outputs: number,
  random: () => number,
  other: 'affine' | 'constant first' | 'itself',
): Step {
  const a = randomLayer(inputs, outputs, random)
  const b = randomLayer(inputs, outputs, random)
  const constants = Array.from({ length: outputs }, () => Math.fround(random() - 0.5))
  const pick = op === 'Max' ? Math.max : Math.min
  const seconds = { affine: `${name}B`, 'constant first': `${name}A`, itself: `${name}A` }
  return {
    run(values) {
      const own = affine(a, values)
      const first = other === 'constant first' ? constants : own
      const second = other === 'affine' ? affine(b, values) : own
      return {
        output: first.map((value, i) => pick(value, second[i])),
        bits: first.map((value, i) => Number(value > second[i])),
      }
    },
    nodes: (from, to) => [
      { op: 'Gemm', inputs: [from, `${name}aw`, `${name}ab`], output: `${name}A` },
      ...(other === 'affine'
        ? [{ op: 'Gemm', inputs: [from, `${name}bw`, `${name}bb`], output: `${name}B` }]
        : []),
      {
        op,
        inputs: [other === 'constant first' ? `${name}c` : `${name}A`, seconds[other]],
        output: to,
      },
    ],
    initializers: {
      ...weightsOf(`${name}a`, a),
      ...weightsOf(`${name}b`, b),
      [`${name}c`]: { shape: [outputs], values: constants },
    },
  }
}

export function reshape(name: string, ...sizes: number[]): Step {
  return {
    run: (values) => ({ output: [...values] }),
    nodes: (from, to) => [{ op: 'Reshape', inputs: [from, `${name}s`], output: to }],
    initializers: { [`${name}s`]: { shape: [sizes.length + 1], values: [-1n, ...sizes.map(BigInt)] } },
  }
}

export interface Pooling {
  channels: number
  height: number
  width: number
  kernel: [number, number]
  strides?: [number, number]
  /** Before and after the rows, before and after the columns. */
  pads?: [number, number, number, number]
  dilations?: [number, number]
  ceilMode?: boolean
  autoPad?: 'SAME_UPPER' | 'SAME_LOWER'
  /** As a GlobalMaxPool: the kernel is the whole map. */
  isGlobal?: boolean
}

/** A MaxPool of [batch, channels, height, width], by the definition: windows are laid from the padded corner on. */
export function maxPool(pooling: Pooling): Step {
  const { channels, height, width, kernel, strides = [1, 1], dilations = [1, 1] } = pooling
  const bits = Math.ceil(Math.log2(kernel[0] * kernel[1]))
  const [top, bottom, left, right] = padsOf(pooling)
  const count = (size: number, before: number, after: number, axis: number) => {
    const places = (size + before + after - dilations[axis] * (kernel[axis] - 1) - 1) / strides[axis] + 1
    // A last window that would lie in the padding alone is none.
    const most = Math.ceil((size + before) / strides[axis])
    return pooling.ceilMode ? Math.min(Math.ceil(places), most) : Math.floor(places)
  }
  const rows = count(height, top, bottom, 0)
  const columns = count(width, left, right, 1)
  return {
    run(values) {
      const output = new Array<number>(channels * rows * columns)
      const code: number[] = []
      for (let y = 0; y < rows; y++) {
        for (let x = 0; x < columns; x++) {
          for (let channel = 0; channel < channels; channel++) {
            let [winner, most, entry] = [0, -Infinity, 0]
            for (let i = 0; i < kernel[0]; i++) {
              for (let j = 0; j < kernel[1]; j++, entry++) {
                const row = y * strides[0] + i * dilations[0] - top
                const column = x * strides[1] + j * dilations[1] - left
                if (row < 0 || row >= height || column < 0 || column >= width) continue
                const value = values[(channel * height + row) * width + column]
                if (value > most) [winner, most] = [entry, value]
              }
            }
            output[(channel * rows + y) * columns + x] = most
            for (let bit = 0; bit < bits; bit++) code.push(Math.floor(winner / 2 ** bit) % 2)
          }
        }
      }
      return { output, bits: code }
    },
    nodes: (from, to) => [
      pooling.isGlobal
        ? { op: 'GlobalMaxPool', inputs: [from], output: to }
        : { op: 'MaxPool', inputs: [from], output: to, attributes: attributesOf(pooling) },
    ],
  }
}

function padsOf({ height, width, kernel, strides = [1, 1], pads, autoPad }: Pooling): number[] {
  if (!autoPad) return pads ?? [0, 0, 0, 0]
  return [height, width].flatMap((size, axis) => {
    const total = Math.max(0, (Math.ceil(size / strides[axis]) - 1) * strides[axis] + kernel[axis] - size)
    const before = autoPad === 'SAME_UPPER' ? Math.floor(total / 2) : Math.ceil(total / 2)
    return [before, total - before]
  })
}

function attributesOf({ kernel, strides, pads, dilations, ceilMode, autoPad }: Pooling) {
  return {
    kernel_shape: kernel.map(BigInt),
    ...(strides && { strides: strides.map(BigInt) }),
    ...(pads && { pads: [pads[0], pads[2], pads[1], pads[3]].map(BigInt) }),
    ...(dilations && { dilations: dilations.map(BigInt) }),
    ...(ceilMode && { ceil_mode: 1n }),
    ...(autoPad && { auto_pad: autoPad }),
  }
}

const FRACTION = Math.fround(0.3)

export const gates = {
  relu: () => entrywise('Relu', (x) => ({ bits: [x > 0], y: Math.max(0, x) })),
  leakyRelu: (alpha: number) =>
    entrywise('LeakyRelu', (x) => ({ bits: [x > 0], y: x > 0 ? x : Math.fround(alpha) * x }), {
      attributes: { alpha },
    }),
  pRelu: (name: string, slopes: number[]) =>
    entrywise('PRelu', (x, unit) => ({ bits: [x > 0], y: x > 0 ? x : slopes[unit] * x }), {
      operands: { [name]: { shape: [slopes.length], values: slopes } },
    }),
  thresholdedRelu: () =>
    entrywise('ThresholdedRelu', (x) => ({ bits: [x > FRACTION], y: x > FRACTION ? x : 0 }), {
      attributes: { alpha: FRACTION },
    }),
  abs: () => entrywise('Abs', (x) => ({ bits: [x > 0], y: Math.abs(x) })),
  clip: (name: string, low: number, high: number) =>
    entrywise('Clip', (x) => ({ bits: [x > low, x > high], y: Math.min(high, Math.max(low, x)) }), {
      operands: { [`${name}l`]: { shape: [], values: [low] }, [`${name}h`]: { shape: [], values: [high] } },
    }),
  clipBelow: (name: string, low: number) =>
    entrywise('Clip', (x) => ({ bits: [x > low], y: Math.max(low, x) }), {
      operands: { [`${name}l`]: { shape: [], values: [low] } },
    }),
  clipAbove: (name: string, high: number) =>
    entrywise('Clip', (x) => ({ bits: [x > high], y: Math.min(high, x) }), {
      operands: { [`${name}h`]: { shape: [], values: [high] } },
      inputs: ['', `${name}h`],
    }),
  hardSigmoid: (alpha: number, beta: number) =>
    entrywise(
      'HardSigmoid',
      (x) => {
        const line = alpha * x + beta
        const bits = alpha > 0 ? [line > 0, line > 1] : [line < 1, line < 0]
        return { bits, y: Math.min(1, Math.max(0, line)) }
      },
      { attributes: { alpha, beta } },
    ),
}

type MakeNet = (inputs: number, seed: number) => GateNet

/** Two layers of a gate between random affine maps. */
function twoLayers(gate: (layer: number) => Step, units: [number, number] = [6, 6]): MakeNet {
  return (inputs, seed) => {
    const random = uniform(seed)
    return gateNet(inputs, [
      gemm('a', inputs, units[0], random),
      gate(0),
      gemm('b', units[0], units[1], random),
      gate(1),
      gemm('c', units[1], 3, random),
    ])
  }
}

function twoComparing(op: 'Max' | 'Min', other: Parameters<typeof comparing>[5]): MakeNet {
  return (inputs, seed) => {
    const random = uniform(seed)
    return gateNet(inputs, [
      comparing(op, 'a', inputs, 5, random, other),
      comparing(op, 'b', 5, 5, random, 'affine'),
      gemm('c', 5, 3, random),
    ])
  }
}

/** A MaxPool of an affine map, of a Relu where `first` is given, and a Relu after it. */
function pooled(pooling: Pooling, first?: () => Step): MakeNet {
  return (inputs, seed) => {
    const random = uniform(seed)
    const { channels, height, width } = pooling
    const size = channels * height * width
    const pool = maxPool(pooling)
    const outputs = pool.run(Array.from({ length: size }, () => 0)).output.length
    return gateNet(inputs, [
      gemm('a', inputs, size, random),
      ...(first ? [first()] : []),
      reshape('in', channels, height, width),
      pool,
      reshape('out', outputs),
      gemm('b', outputs, 4, random),
      gates.relu(),
      gemm('c', 4, 3, random),
    ])
  }
}

/** Networks with each kind of gate, by name. */
export const gateNets: Record<string, MakeNet> = {
  Relu: twoLayers(gates.relu),
  LeakyRelu: twoLayers(() => gates.leakyRelu(0.25)),
  'LeakyRelu of a slope above 1': twoLayers(() => gates.leakyRelu(1.75)),
  PRelu: twoLayers((i) => gates.pRelu(`s${i}`, [0.25, -0.5, 1.5, 0, 1, 0.125].slice(0, 6))),
  ThresholdedRelu: twoLayers(gates.thresholdedRelu),
  Abs: twoLayers(gates.abs),
  Clip: twoLayers((i) => gates.clip(`c${i}`, -0.5, 0.75)),
  'Clip from below': twoLayers((i) => gates.clipBelow(`c${i}`, -0.25)),
  'Clip from above': twoLayers((i) => gates.clipAbove(`c${i}`, 0.25)),
  HardSigmoid: twoLayers(() => gates.hardSigmoid(0.5, 0.25)),
  'falling HardSigmoid': twoLayers(() => gates.hardSigmoid(-0.75, 0.5)),
  Max: twoComparing('Max', 'affine'),
  Min: twoComparing('Min', 'affine'),
  'Max with a constant': twoComparing('Max', 'constant first'),
  'Max with itself': twoComparing('Max', 'itself'),
  MaxPool: pooled({ channels: 2, height: 2, width: 2, kernel: [2, 2] }),
  GlobalMaxPool: pooled({ channels: 2, height: 1, width: 3, kernel: [1, 3], isGlobal: true }),
  'MaxPool with overlaps': pooled({ channels: 1, height: 3, width: 3, kernel: [2, 2] }),
  'MaxPool of Relu': pooled(
    { channels: 1, height: 2, width: 4, kernel: [2, 2], strides: [1, 2] },
    gates.relu,
  ),
  'MaxPool with padding': pooled({
    channels: 1,
    height: 2,
    width: 3,
    kernel: [3, 2],
    strides: [2, 2],
    pads: [1, 1, 1, 0],
  }),
}
