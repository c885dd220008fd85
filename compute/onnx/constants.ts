import { create } from '@bufbuild/protobuf'
import { TensorProto_DataType, TensorProtoSchema } from 'onnx-buf'
import type { GraphProto, NodeProto, TensorProto } from 'onnx-buf'

/** The tensors that a graph holds as initializers or Constant nodes, by name. */
export type Constants = ReadonlyMap<string, TensorProto>

/** Collects the constants of a graph, also under the names that an Identity gives them, as exporters share weights. */
export function constantsOf(graph: GraphProto): Constants {
  const constants = new Map<string, TensorProto>()
  for (const tensor of graph.initializer) constants.set(tensor.name, tensor)
  for (const node of graph.node) {
    const tensor = node.opType === 'Identity' ? constants.get(node.input[0]) : constantOf(node)
    if (tensor) constants.set(node.output[0], tensor)
  }
  return constants
}

/** What a Constant node holds, if it holds numbers. */
function constantOf({ opType, attribute }: NodeProto): TensorProto | undefined {
  const value = opType === 'Constant' ? attribute.at(0) : undefined
  switch (value?.name) {
    case 'value':
      return value.t
    case 'value_int':
      return create(TensorProtoSchema, { dataType: TensorProto_DataType.INT64, int64Data: [value.i] })
    case 'value_ints':
      return int64Tensor(value.ints)
    case 'value_float':
      return floatTensor([], [value.f])
    case 'value_floats':
      return floatTensor([BigInt(value.floats.length)], value.floats)
    default:
      return undefined
  }
}

function floatTensor(dims: bigint[], floatData: number[]): TensorProto {
  return create(TensorProtoSchema, { dims, dataType: TensorProto_DataType.FLOAT, floatData })
}

/** A vector of 64-bit integers, such as the shape operand of a Reshape. */
export function int64Tensor(values: bigint[]): TensorProto {
  return create(TensorProtoSchema, {
    dims: [BigInt(values.length)],
    dataType: TensorProto_DataType.INT64,
    int64Data: values,
  })
}

/** The values of an int64 tensor; empty for every other type. */
export function int64Values(tensor: TensorProto): readonly bigint[] {
  if (tensor.dataType !== TensorProto_DataType.INT64) return []
  const { rawData } = tensor
  if (rawData.length === 0) return tensor.int64Data
  const view = new DataView(rawData.buffer, rawData.byteOffset, rawData.byteLength)
  return Array.from({ length: rawData.length / 8 }, (_, i) => view.getBigInt64(8 * i, true))
}
