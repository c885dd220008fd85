// Damage to what an ONNX file means.
import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import {
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  ModelProtoSchema,
  SparseTensorProtoSchema,
  TensorProto_DataType,
  TensorProtoSchema,
  TensorShapeProto_DimensionSchema,
  ValueInfoProtoSchema,
  type AttributeProto,
  type GraphProto,
  type ModelProto,
  type NodeProto,
  type TensorProto,
} from 'onnx-buf'
import type { Mutator } from './mutate.ts'
import { below, pick, type Random } from './random.ts'

/** Sizes and settings that no network has. */
const ABSURD = [
  -(2n ** 62n),
  -(2n ** 31n),
  -3n,
  -1n,
  0n,
  1n,
  2n,
  7n,
  1000n,
  2n ** 24n,
  2n ** 31n,
  2n ** 40n,
  2n ** 62n,
]

/** Operators with settings, shapes or operands of their own. */
const OPERATORS =
  'Relu PRelu Clip Max MaxPool HardSigmoid MatMul Gemm Add AveragePool BatchNormalization Conv ConvTranspose Einsum Div ' +
  'GlobalAveragePool ReduceMean Cast Concat Constant Dropout Expand Flatten Gather Pad Reshape Slice Split Squeeze Tile ' +
  'Transpose Unsqueeze Where ConstantOfShape Range Shape LRN LayerNormalization Softmax DequantizeLinear TopK If Loop'

/** Attributes by operator, and those of all others. */
const ATTRIBUTES: Readonly<Record<string, readonly string[]>> = {
  Conv: ['kernel_shape', 'strides', 'pads', 'dilations', 'group'],
  ConvTranspose: ['kernel_shape', 'strides', 'pads', 'dilations', 'group', 'output_padding', 'output_shape'],
  MaxPool: ['kernel_shape', 'strides', 'pads', 'dilations', 'ceil_mode', 'storage_order'],
  AveragePool: ['kernel_shape', 'strides', 'pads', 'ceil_mode', 'count_include_pad', 'dilations'],
  Gemm: ['transA', 'transB', 'alpha', 'beta'],
  ReduceSum: ['keepdims', 'axes', 'noop_with_empty_axes'],
  LayerNormalization: ['axis', 'stash_type', 'epsilon'],
  Reshape: ['allowzero'],
  Transpose: ['perm'],
  Split: ['axis', 'split', 'num_outputs'],
  Shape: ['start', 'end'],
}
const OTHER_ATTRIBUTES = [
  'axis',
  'axes',
  'to',
  'alpha',
  'min',
  'max',
  'mode',
  'value',
  'value_ints',
  'training_mode',
]

const NAMES = [
  '',
  'x',
  'scores',
  '\0',
  'a\0b',
  'nowhere',
  '../../etc/passwd',
  'n'.repeat(10_000),
  '\u{1f4a5}',
  "'; drop",
]

export const MODEL_MUTATORS: Readonly<Record<string, Mutator>> = {
  'the raw data of another tensor': tensors((tensor, random, others) => {
    tensor.rawData = pick(others, random).rawData
  }),
  'raw data of another length': tensors((tensor, random) => {
    const { rawData } = tensor
    const longer = Uint8Array.from([...rawData, ...rawData])
    tensor.rawData = pick([rawData.slice(0, -1), rawData.slice(0, -4), new Uint8Array(), longer], random)
  }),
  'another data type': tensors((tensor, random) => {
    tensor.dataType = below(30, random)
  }),
  'data of another field': tensors((tensor, random) => {
    if (random() < 0.5) tensor.rawData = new Uint8Array()
    tensor.floatData = Array.from({ length: below(40, random) }, random)
    tensor.int64Data = [pick(ABSURD, random)]
  }),
  'weights that are no numbers, or large': tensors((tensor, random) => {
    const rawData = tensor.rawData.slice()
    const values = new Float32Array(rawData.buffer, 0, Math.floor(rawData.length / 4))
    values[below(values.length, random)] = pick([NaN, Infinity, -Infinity, 3e38, 1e-45], random)
    tensor.rawData = rawData
  }),
  'an absurd whole number': tensors((_, random, others) => {
    const whole = others.filter(({ dataType }) => dataType === TensorProto_DataType.INT64)
    if (whole.length === 0) return
    const tensor = pick(whole, random)
    const rawData = tensor.rawData.slice()
    const values = new BigInt64Array(rawData.buffer, 0, Math.floor(rawData.length / 8))
    values[below(values.length, random)] = pick(ABSURD, random)
    tensor.rawData = rawData
  }),
  'a tensor of absurd shape': tensors(({ dims }, random) => {
    if (random() < 0.3) dims.push(pick(ABSURD, random))
    else dims[below(dims.length, random)] = pick(ABSURD, random)
  }),
  'a tensor of another shape': tensors(({ dims }, random) => {
    dims.push(...dims.splice(0, below(dims.length, random)), ...(random() < 0.5 ? [1n] : []))
  }),
  'an initializer of another name': tensors((tensor, random, others) => {
    tensor.name = pick([...NAMES, pick(others, random).name], random)
  }),
  'a sparse tensor of absurd shape': graphs((graph, random) => {
    const values = pick(graph.initializer, random)
    const dims = [pick(ABSURD, random), pick(ABSURD, random)]
    const int64Data = [pick(ABSURD, random)]
    const indices = create(TensorProtoSchema, { dims: [1n], dataType: TensorProto_DataType.INT64, int64Data })
    graph.initializer.splice(graph.initializer.indexOf(values), 1)
    graph.sparseInitializer.push(create(SparseTensorProtoSchema, { values, indices, dims }))
  }),
  'an input of absurd shape': graphs(({ input }, random) => {
    for (const { type } of input) {
      if (type?.value.case !== 'tensorType') continue
      const tensor = type.value.value
      const dims = tensor.shape?.dim ?? []
      const size = { value: { case: 'dimValue' as const, value: pick(ABSURD, random) } }
      dims[below(dims.length + 1, random)] = create(TensorShapeProto_DimensionSchema, size)
      if (random() < 0.1) tensor.elemType = below(30, random)
    }
  }),
  'a cycle': nodes((node, random, others) => {
    node.input[below(node.input.length, random)] = pick(others, random).output[0]
  }),
  'a node that takes its own output': nodes((node, random) => {
    node.input[below(node.input.length, random)] = node.output[0]
  }),
  'an output computed twice': nodes((node, random, others) => {
    node.output[0] = pick(others, random).output[0]
  }),
  'outputs too many': nodes(({ output }, random) => {
    for (let i = 0; i <= random() * 4; i++) output.push(pick(['', output[0], `more${i}`], random))
  }),
  'an input missing': nodes(({ input }, random) => {
    if (random() < 0.5) input.pop()
    else input[below(input.length, random)] = ''
  }),
  'inputs too many': nodes(({ input }, random, others) => {
    const added = pick([input[0], pick(others, random).output[0]], random)
    input.push(...Array.from({ length: pick([1, 2, 3000], random) }, () => added))
  }),
  'an input of another name': nodes(({ input }, random) => {
    input[below(input.length, random)] = pick(NAMES, random)
  }),
  'a node of another name': nodes((node, random) => {
    node.name = pick(NAMES, random)
    if (random() < 0.5) node.output[0] = pick(NAMES, random)
  }),
  'nodes in another order': graphs(({ node }, random) => {
    node.push(...node.splice(0, below(node.length, random)))
  }),
  'a node left out': graphs(({ node }, random) => {
    node.splice(below(node.length, random), 1)
  }),
  'another operator': nodes((node, random) => {
    node.opType = pick(OPERATORS.split(' '), random)
  }),
  'an absurd attribute': attributes((attribute, random) => {
    attribute.i = pick(ABSURD, random)
    attribute.f = pick([NaN, Infinity, -Infinity, 0, -1, 1e38], random)
    if (attribute.ints.length > 0) attribute.ints[below(attribute.ints.length, random)] = pick(ABSURD, random)
  }),
  'an attribute of another length': attributes(({ ints }, random) => {
    if (random() < 0.5) ints.pop()
    else ints.push(...ABSURD.slice(below(ABSURD.length, random)))
  }),
  'an attribute of another type': attributes((attribute, random) => {
    attribute.type = below(16, random)
  }),
  'an attribute more, or anew': nodes((node, random) => {
    const name = pick(ATTRIBUTES[node.opType] ?? OTHER_ATTRIBUTES, random)
    const ints = Array.from({ length: pick([1, 2, 2, 2, 4, 4, 4], random) }, () => pick(ABSURD, random))
    const { INT, INTS } = AttributeProto_AttributeType
    const value = random() < 0.6 ? { type: INTS, ints } : { type: INT, i: ints[0] }
    const others = node.attribute.filter((attribute) => attribute.name !== name)
    node.attribute = [...others, create(AttributeProtoSchema, { name, ...value })]
  }),
  'another opset': models((model, random) => {
    const version = pick([0n, -1n, 1n, 5n, 6n, 7n, 9n, 10n, 11n, 18n, 9999n, 2n ** 62n], random)
    for (const opset of model.opsetImport) opset.version = version
    if (random() < 0.1) model.opsetImport = []
  }),
  'another IR version': models((model, random) => {
    model.irVersion = pick([0n, -1n, 1n, 3n, 99n, 2n ** 62n], random)
  }),
  'other outputs': graphs((graph, random) => {
    const name = pick([...NAMES, pick(graph.node, random).output[0]], random)
    graph.output = random() < 0.1 ? [] : [create(ValueInfoProtoSchema, { name }), ...graph.output]
  }),
}

function models(edit: (model: ModelProto, random: Random) => void): Mutator {
  return (bytes, random) => {
    const model = fromBinary(ModelProtoSchema, bytes)
    edit(model, random)
    return toBinary(ModelProtoSchema, model)
  }
}

function graphs(edit: (graph: GraphProto, random: Random) => void): Mutator {
  return models(({ graph }, random) => {
    if (graph && graph.node.length > 0) edit(graph, random)
  })
}

function nodes(edit: (node: NodeProto, random: Random, others: readonly NodeProto[]) => void): Mutator {
  return graphs(({ node }, random) => edit(pick(node, random), random, node))
}

/** Damage to a tensor: an initializer, or a constant of a node. */
function tensors(
  edit: (tensor: TensorProto, random: Random, others: readonly TensorProto[]) => void,
): Mutator {
  return graphs(({ initializer, node }, random) => {
    const constants = node.flatMap(({ attribute }) => attribute.flatMap(({ t }) => (t ? [t] : [])))
    const all = [...initializer, ...constants]
    if (all.length > 0) edit(pick(all, random), random, all)
  })
}

/** Damage to an attribute, where any node has one. */
function attributes(edit: (attribute: AttributeProto, random: Random) => void): Mutator {
  return graphs(({ node }, random) => {
    const all = node.flatMap(({ attribute }) => attribute)
    if (all.length > 0) edit(pick(all, random), random)
  })
}
