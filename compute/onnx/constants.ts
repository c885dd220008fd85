import { create } from '@bufbuild/protobuf'
import { TensorProto_DataType, TensorProtoSchema, type GraphProto, type TensorProto } from 'onnx-buf'

/** The tensors that a graph holds as initializers or Constant nodes, by name. */
export type Constants = ReadonlyMap<string, TensorProto>

/** Collects the constants of a graph; of Constant nodes those with a `value` or `value_ints` attribute. */
export function constantsOf(graph: GraphProto): Constants {
  const constants = new Map<string, TensorProto>()
  for (const tensor of graph.initializer) constants.set(tensor.name, tensor)
  for (const node of graph.node) {
    if (node.opType !== 'Constant') continue
    for (const { name, t, ints } of node.attribute) {
      if (name === 'value' && t) constants.set(node.output[0], t)
      if (name === 'value_ints') constants.set(node.output[0], int64Tensor(ints))
    }
  }
  return constants
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
  return Array.from({ length: Math.floor(rawData.length / 8) }, (_, i) => view.getBigInt64(8 * i, true))
}
