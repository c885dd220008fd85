import { create } from '@bufbuild/protobuf'
import {
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  NodeProtoSchema,
  type GraphProto,
  type NodeProto,
  type TensorProto,
} from 'onnx-buf'

/** The names of all tensors of a graph. */
export function tensorNames(graph: GraphProto): Set<string> {
  return new Set([
    ...graph.input.map((info) => info.name),
    ...graph.initializer.map((tensor) => tensor.name),
    ...graph.node.flatMap((node) => node.output),
  ])
}

/** A name that is not used yet, starting with `base`. */
export function freshName(used: ReadonlySet<string>, base: string): string {
  let name = base
  while (used.has(name)) name += "'"
  return name
}

/** A Constant node: unlike an initializer it needs no entry in the inputs of files before IR version 4. */
export function constantNode(name: string, tensor: TensorProto): NodeProto {
  const value = create(AttributeProtoSchema, {
    name: 'value',
    type: AttributeProto_AttributeType.TENSOR,
    t: tensor,
  })
  return create(NodeProtoSchema, { opType: 'Constant', output: [name], attribute: [value] })
}
