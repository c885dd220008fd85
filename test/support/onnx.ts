import { create, toBinary } from '@bufbuild/protobuf'
import {
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  TensorProto_DataType,
  TensorProtoSchema,
  ValueInfoProtoSchema,
  type AttributeProto,
  type TensorProto,
  type ValueInfoProto,
} from 'onnx-buf'

/** A tensor: float32 where its values are numbers, int64 where they are bigints. */
export interface TensorSpec {
  shape: readonly number[]
  values: readonly number[] | readonly bigint[]
}

/** An attribute value: a number is a FLOAT, a bigint an INT, a string a STRING, an array of either numbers FLOATS or INTS. */
export type AttributeSpec = number | bigint | string | readonly number[] | readonly bigint[] | TensorSpec

/** One node of a graph; `output` names its output, or all of them with a comma between. */
export interface NodeSpec {
  op: string
  inputs: readonly string[]
  output: string
  name?: string
  domain?: string
  attributes?: Readonly<Record<string, AttributeSpec>>
}

/** A node that is named for its output. */
export function node(
  op: string,
  inputs: readonly string[],
  output: string,
  attributes: Readonly<Record<string, AttributeSpec>> = {},
): NodeSpec {
  return { op, name: output, inputs, output, attributes }
}

/** A vector of whole numbers. */
export function integers(...values: bigint[]): TensorSpec {
  return { shape: [values.length], values }
}

/** A graph; a string in a shape is a symbolic axis. */
export interface ModelSpec {
  inputs?: Readonly<Record<string, readonly (number | string)[]>>
  /** Element type of the inputs; float32 where left out. */
  inputType?: TensorProto_DataType
  initializers?: Readonly<Record<string, TensorSpec>>
  /** Version of the standard operators; 13 where left out. */
  opset?: number
  nodes: readonly NodeSpec[]
  outputs: readonly string[]
  /** Tensors whose shape the file declares beside its inputs and outputs. */
  valueInfo?: Readonly<Record<string, readonly (number | string)[]>>
}

/** The bytes of an ONNX file. Inputs default to one, `x`, of shape [N, 3]. */
export function buildModel(spec: ModelSpec): Uint8Array {
  const { inputs = { x: ['N', 3] }, initializers = {}, valueInfo = {}, opset = 13 } = spec
  const graph = {
    name: 'test',
    input: Object.entries(inputs).map(([name, shape]) => tensorInfo(name, shape, spec.inputType)),
    output: spec.outputs.map((name) => create(ValueInfoProtoSchema, { name })),
    valueInfo: Object.entries(valueInfo).map(([name, shape]) => tensorInfo(name, shape)),
    initializer: Object.entries(initializers).map(([name, tensor]) => buildTensor(tensor, name)),
    node: spec.nodes.map(({ op, inputs: input, output, name, domain, attributes = {} }) =>
      create(NodeProtoSchema, {
        opType: op,
        ...(name !== undefined && { name }),
        ...(domain !== undefined && { domain }),
        input: [...input],
        output: output.split(','),
        attribute: Object.entries(attributes).map(([key, value]) => buildAttribute(key, value)),
      }),
    ),
  }
  const model = create(ModelProtoSchema, { irVersion: 7n, opsetImport: [{ version: BigInt(opset) }], graph })
  return toBinary(ModelProtoSchema, model)
}

export interface MlpOptions {
  /** Units of the input, of every hidden layer and of the scores, e.g. [784, 10, 10, 10]. */
  sizes: readonly number[]
  /** Seed of the weights; 1 where left out. */
  seed?: number
  /** The weights themselves, one a layer and one for the scores, instead of random ones. */
  weights?: AffineLayer[]
  /** Slope of LeakyRelu; Relu where left out. */
  leaky?: number
  /**
   * How the file declares its samples: `symbolic` [N, d] (default), `fixed` [1, d], `vector` [d] with
   * MatMul(x, W), or `column` [d] with MatMul(W, x), as the ACAS Xu networks do.
   */
  layout?: 'symbolic' | 'fixed' | 'vector' | 'column'
}

/** An affine layer: weights are inputs × outputs, row-major. */
export interface AffineLayer {
  inputs: number
  outputs: number
  weights: number[]
  bias: number[]
}

/** The weights of `buildMlp(options)`: float32 values, uniform in ±1/√inputs · √3, the same for a seed. */
export function mlpWeights({ sizes, seed = 1, weights }: MlpOptions): AffineLayer[] {
  if (weights) return weights
  const random = uniform(seed)
  return sizes.slice(1).map((outputs, i) => {
    const inputs = sizes[i]
    const bound = Math.sqrt(3 / inputs)
    const draw = (length: number) => Array.from({ length }, () => Math.fround((2 * random() - 1) * bound))
    return { inputs, outputs, weights: draw(inputs * outputs), bias: draw(outputs) }
  })
}

/**
 * A dense ReLU-like network: Gemm (or MatMul and Add) and a gate, named `gate0`, `gate1`, …, each hidden layer;
 * pre-activations are the tensors `pre0`, `pre1`, …, the scores `scores`.
 */
export function buildMlp(options: MlpOptions): Uint8Array {
  const { sizes, leaky, layout = 'symbolic' } = options
  const initializers: Record<string, TensorSpec> = {}
  const nodes: NodeSpec[] = []
  const layers = mlpWeights(options)
  let current = 'x'
  layers.forEach((layer, i) => {
    const last = i === layers.length - 1
    const pre = last ? 'scores' : `pre${i}`
    initializers[`w${i}`] =
      layout === 'column'
        ? { shape: [layer.outputs, layer.inputs], values: transposed(layer) }
        : { shape: [layer.inputs, layer.outputs], values: layer.weights }
    initializers[`b${i}`] = { shape: [layer.outputs], values: layer.bias }
    if (layout === 'symbolic' || layout === 'fixed') {
      nodes.push({ op: 'Gemm', inputs: [current, `w${i}`, `b${i}`], output: pre })
    } else {
      const factors = layout === 'column' ? [`w${i}`, current] : [current, `w${i}`]
      nodes.push({ op: 'MatMul', inputs: factors, output: `product${i}` })
      nodes.push({ op: 'Add', inputs: [`product${i}`, `b${i}`], output: pre })
    }
    if (last) return
    current = `post${i}`
    nodes.push(
      leaky === undefined
        ? { op: 'Relu', name: `gate${i}`, inputs: [pre], output: current }
        : { op: 'LeakyRelu', name: `gate${i}`, inputs: [pre], output: current, attributes: { alpha: leaky } },
    )
  })
  const shapes = { symbolic: ['N', sizes[0]], fixed: [1, sizes[0]], vector: [sizes[0]], column: [sizes[0]] }
  return buildModel({ inputs: { x: shapes[layout] }, initializers, nodes, outputs: ['scores'] })
}

/** What `buildMlp(options)` computes for one sample, in float64. */
export function forwardMlp(
  options: MlpOptions,
  sample: ArrayLike<number>,
): { preActivations: number[][]; scores: number[] } {
  const slope = options.leaky ?? 0
  const pre: number[][] = []
  let current = Array.from(sample)
  for (const layer of mlpWeights(options)) {
    const output = affine(layer, current)
    pre.push(output)
    current = output.map((value) => (value > 0 ? value : slope * value))
  }
  const scores = pre.pop() ?? []
  return { preActivations: pre, scores }
}

/** x·W + b in float64. */
export function affine({ inputs, outputs, weights, bias }: AffineLayer, x: readonly number[]): number[] {
  return Array.from({ length: outputs }, (_, j) => {
    let sum = bias[j]
    for (let i = 0; i < inputs; i++) sum += x[i] * weights[i * outputs + j]
    return sum
  })
}

/** Uniform numbers in [0, 1), the same for a seed (mulberry32). */
export function uniform(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

function transposed({ inputs, outputs, weights }: AffineLayer): number[] {
  return Array.from(weights, (_, k) => weights[(k % inputs) * outputs + Math.floor(k / inputs)])
}

function tensorInfo(
  name: string,
  shape: readonly (number | string)[],
  elemType = TensorProto_DataType.FLOAT,
): ValueInfoProto {
  const dim = shape.map((size) => ({
    value:
      typeof size === 'string'
        ? { case: 'dimParam' as const, value: size }
        : { case: 'dimValue' as const, value: BigInt(size) },
  }))
  return create(ValueInfoProtoSchema, {
    name,
    type: { value: { case: 'tensorType', value: { elemType, shape: { dim } } } },
  })
}

function buildTensor({ shape, values }: TensorSpec, name = ''): TensorProto {
  const { floats, ints } = separate(values)
  const isInteger = ints.length > 0
  return create(TensorProtoSchema, {
    name,
    dims: shape.map(BigInt),
    dataType: isInteger ? TensorProto_DataType.INT64 : TensorProto_DataType.FLOAT,
    rawData: new Uint8Array((isInteger ? BigInt64Array.from(ints) : Float32Array.from(floats)).buffer),
  })
}

/** Numbers of one kind, by their kind. */
function separate(values: readonly number[] | readonly bigint[]): { floats: number[]; ints: bigint[] } {
  const floats: number[] = []
  const ints: bigint[] = []
  for (const value of values) {
    if (typeof value === 'bigint') ints.push(value)
    else floats.push(value)
  }
  return { floats, ints }
}

function buildAttribute(name: string, value: AttributeSpec): AttributeProto {
  if (typeof value === 'number') {
    return create(AttributeProtoSchema, { name, type: AttributeProto_AttributeType.FLOAT, f: value })
  }
  if (typeof value === 'bigint') {
    return create(AttributeProtoSchema, { name, type: AttributeProto_AttributeType.INT, i: value })
  }
  if (typeof value === 'string') {
    const s = new TextEncoder().encode(value)
    return create(AttributeProtoSchema, { name, type: AttributeProto_AttributeType.STRING, s })
  }
  if ('shape' in value) {
    const t = buildTensor(value)
    return create(AttributeProtoSchema, { name, type: AttributeProto_AttributeType.TENSOR, t })
  }
  const { floats, ints } = separate(value)
  return floats.length > 0
    ? create(AttributeProtoSchema, { name, type: AttributeProto_AttributeType.FLOATS, floats })
    : create(AttributeProtoSchema, { name, type: AttributeProto_AttributeType.INTS, ints })
}
