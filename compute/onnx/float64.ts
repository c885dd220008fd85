import { create } from '@bufbuild/protobuf'
import {
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  GraphProtoSchema,
  NodeProtoSchema,
  TensorProto_DataType,
  TensorProtoSchema,
  ValueInfoProtoSchema,
} from 'onnx-buf'
import type { AttributeProto, GraphProto, NodeProto, TensorProto } from 'onnx-buf'
import { shallowCopy } from './messages.ts'
import { floatValues } from './tensors.ts'

/** The types that become float64. */
const NARROW: ReadonlySet<number> = new Set([TensorProto_DataType.FLOAT, TensorProto_DataType.FLOAT16])

/**
 * The same graph in float64: every float32 or float16 weight and constant becomes the float64 of the same value, so that only
 * the arithmetic between them is finer. Inputs and outputs lose their declared types, which the runtime infers.
 */
export function toFloat64(graph: GraphProto): GraphProto {
  return shallowCopy(GraphProtoSchema, graph, {
    initializer: graph.initializer.map(doubleTensor),
    node: graph.node.map(doubleNode),
    output: graph.output.map(({ name }) => create(ValueInfoProtoSchema, { name })),
    valueInfo: [],
  })
}

function doubleTensor(tensor: TensorProto): TensorProto {
  if (!NARROW.has(tensor.dataType)) return tensor
  const values = Float64Array.from(floatValues(tensor))
  return create(TensorProtoSchema, {
    name: tensor.name,
    dims: tensor.dims,
    dataType: TensorProto_DataType.DOUBLE,
    rawData: new Uint8Array(values.buffer),
  })
}

/** Operators whose results are of the type that their attributes name or hold. */
const TYPED: ReadonlySet<string> = new Set(['Cast', 'Constant', 'ConstantOfShape'])

/** A node with its own constants in float64; what casts to either casts to float64. */
function doubleNode(node: NodeProto): NodeProto {
  if (!TYPED.has(node.opType)) return node
  const isZeros = node.opType === 'ConstantOfShape' && node.attribute.length === 0
  const attribute = isZeros ? [valueAttribute([0], [1])] : node.attribute.map(doubleAttribute)
  return shallowCopy(NodeProtoSchema, node, { attribute })
}

/** A scalar or list of floats becomes a tensor, which may be float64. */
function doubleAttribute(attribute: AttributeProto): AttributeProto {
  if (attribute.t) return shallowCopy(AttributeProtoSchema, attribute, { t: doubleTensor(attribute.t) })
  if (attribute.name === 'value_float') return valueAttribute([attribute.f], [])
  if (attribute.name === 'to' && NARROW.has(Number(attribute.i))) {
    return shallowCopy(AttributeProtoSchema, attribute, { i: BigInt(TensorProto_DataType.DOUBLE) })
  }
  if (attribute.name === 'value_floats') return valueAttribute(attribute.floats, [attribute.floats.length])
  return attribute
}

function valueAttribute(values: readonly number[], dims: readonly number[]): AttributeProto {
  const tensor = create(TensorProtoSchema, {
    dims: dims.map(BigInt),
    dataType: TensorProto_DataType.DOUBLE,
    doubleData: [...values],
  })
  return create(AttributeProtoSchema, { name: 'value', type: AttributeProto_AttributeType.TENSOR, t: tensor })
}
