import { create, toBinary } from '@bufbuild/protobuf'
import {
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  GraphProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  OperatorSetIdProtoSchema,
  TensorProto_DataType,
  TensorProtoSchema,
  TensorShapeProto_DimensionSchema,
  TensorShapeProtoSchema,
  TypeProto_TensorSchema,
  TypeProtoSchema,
  ValueInfoProtoSchema,
} from 'onnx-buf'
import type { AttributeProto, GraphProto, NodeProto, TensorProto, ValueInfoProto } from 'onnx-buf'

/** A node; `attributes` are written as integers. */
export function node(
  opType: string,
  name: string,
  input: string[],
  output: string[],
  attributes: Readonly<Record<string, number>> = {},
): NodeProto {
  const attribute = Object.entries(attributes).map(([key, value]) => integerAttribute(key, value))
  return create(NodeProtoSchema, { opType, name, input, output, attribute })
}

/** A float32 initializer as raw little-endian data. */
export function floatTensor(name: string, dims: readonly number[], values: Float32Array): TensorProto {
  return create(TensorProtoSchema, {
    name,
    dims: dims.map(BigInt),
    dataType: TensorProto_DataType.FLOAT,
    rawData: littleEndianBytes(values),
  })
}

/** An int64 initializer of one dimension, such as the axes of a reduction. */
export function int64Tensor(name: string, values: readonly number[]): TensorProto {
  return create(TensorProtoSchema, {
    name,
    dims: [BigInt(values.length)],
    dataType: TensorProto_DataType.INT64,
    int64Data: values.map(BigInt),
  })
}

/** Declares a float32 input or output of the graph; a dimension given as text is symbolic. */
export function floatValue(name: string, dims: readonly (number | string)[]): ValueInfoProto {
  const dim = dims.map((size) =>
    create(TensorShapeProto_DimensionSchema, {
      value:
        typeof size === 'string'
          ? { case: 'dimParam', value: size }
          : { case: 'dimValue', value: BigInt(size) },
    }),
  )
  const shape = create(TensorShapeProtoSchema, { dim })
  const value = create(TypeProto_TensorSchema, { elemType: TensorProto_DataType.FLOAT, shape })
  return create(ValueInfoProtoSchema, {
    name,
    type: create(TypeProtoSchema, { value: { case: 'tensorType', value } }),
  })
}

/** What a graph is made of, nodes in topological order. */
export type Graph = Pick<GraphProto, 'name' | 'node' | 'initializer' | 'input' | 'output'>

/** The bytes of an ONNX file: IR version 8, opset 17. The same graph gives the same bytes. */
export function encodeModel(graph: Graph): Uint8Array<ArrayBuffer> {
  return toBinary(
    ModelProtoSchema,
    create(ModelProtoSchema, {
      irVersion: 8n,
      producerName: 'polytope-atlas',
      opsetImport: [create(OperatorSetIdProtoSchema, { domain: '', version: 17n })],
      graph: create(GraphProtoSchema, graph),
    }),
  )
}

function integerAttribute(name: string, value: number): AttributeProto {
  return create(AttributeProtoSchema, { name, type: AttributeProto_AttributeType.INT, i: BigInt(value) })
}

function littleEndianBytes(values: Float32Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(values.length * 4)
  const view = new DataView(bytes.buffer)
  values.forEach((value, index) => {
    view.setFloat32(4 * index, value, true)
  })
  return bytes
}
