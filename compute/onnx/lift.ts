import { create } from '@bufbuild/protobuf'
import {
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  GraphProtoSchema,
  NodeProtoSchema,
  TensorProto_DataType,
  TensorProtoSchema,
  TensorShapeProto_DimensionSchema,
  TensorShapeProtoSchema,
  TypeProto_TensorSchema,
  TypeProtoSchema,
  ValueInfoProtoSchema,
} from 'onnx-buf'
import type { GraphProto, NodeProto, TensorProto, ValueInfoProto } from 'onnx-buf'
import { intsAttribute } from './attributes.ts'
import { constantsOf, int64Tensor, int64Values, type Constants } from './constants.ts'
import type { NetworkGraph } from './graph.ts'
import { shallowCopy } from './messages.ts'
import { constantNode, freshName, tensorNames } from './newNodes.ts'
import { floatValues } from './tensors.ts'

/**
 * Gives a graph a batch axis of any size, where its file fixes one sample a run:
 * - the input `[1, …]` becomes `[batch, …]`; an input without a batch axis gets one in front;
 * - a Resize to sizes `[1, …]` takes the batch's size in front instead;
 * - a Reshape to `[1, …]` of a tensor that depends on the input keeps the batch instead;
 * - where the sample is a vector x, `MatMul(W, x)` becomes `MatMul(x, Wᵀ)`: with x as rows, the same product.
 *
 * The result is a proposal: a graph may use its batch axis in other ways, so it has to be checked by running
 * it. Tensor names stay as they are. A graph with nothing to lift is returned itself.
 */
export function liftBatch(network: NetworkGraph): GraphProto {
  const { graph, input, dependents } = network
  const constants = constantsOf(graph)
  const used = tensorNames(graph)
  const vectorSamples = input.batchAxis === 'absent' && input.sampleShape.length === 1
  const nodes = graph.node.flatMap((original) => {
    const spare = freshName(used, `${original.output[0]}/batched`)
    const lifted =
      liftReshape(original, constants, dependents, spare) ??
      liftResize(original, constants, dependents, used) ??
      (vectorSamples ? liftMatMul(original, constants, dependents, spare) : null)
    return lifted ?? [original]
  })
  if (input.batchAxis === 'any' && nodes.length === graph.node.length) return graph
  const inputs = graph.input.map((info) =>
    info.name === input.name ? batchedInput(info, input.sampleShape) : info,
  )
  return shallowCopy(GraphProtoSchema, graph, { input: inputs, node: nodes })
}

function batchedInput(info: ValueInfoProto, sampleShape: readonly number[]): ValueInfoProto {
  const dims = [
    { value: { case: 'dimParam' as const, value: 'batch' } },
    ...sampleShape.map((size) => ({ value: { case: 'dimValue' as const, value: BigInt(size) } })),
  ]
  const shape = create(TensorShapeProtoSchema, {
    dim: dims.map((dim) => create(TensorShapeProto_DimensionSchema, dim)),
  })
  const value = create(TypeProto_TensorSchema, { elemType: elementType(info), shape })
  const type = create(TypeProtoSchema, { value: { case: 'tensorType', value } })
  return shallowCopy(ValueInfoProtoSchema, info, { type })
}

function elementType({ type }: ValueInfoProto): number {
  return type?.value.case === 'tensorType' ? type.value.value.elemType : TensorProto_DataType.UNDEFINED
}

function liftReshape(
  node: NodeProto,
  constants: Constants,
  dependents: ReadonlySet<string>,
  spare: string,
): NodeProto[] | null {
  const target = constants.get(node.input[1])
  if (node.opType !== 'Reshape' || target === undefined || !dependents.has(node.input[0])) return null
  const shape = int64Values(target)
  if (shape[0] !== 1n) return null
  // -1 takes what the other axes leave; where that is in use already, 0 copies the batch from the operand,
  // which allowzero would forbid.
  const batched = [shape.includes(-1n) ? 0n : -1n, ...shape.slice(1)]
  return [
    constantNode(spare, int64Tensor(batched)),
    shallowCopy(NodeProtoSchema, node, {
      input: [node.input[0], spare],
      attribute: node.attribute.filter(({ name }) => name !== 'allowzero'),
    }),
  ]
}

function liftResize(
  node: NodeProto,
  constants: Constants,
  dependents: ReadonlySet<string>,
  used: ReadonlySet<string>,
): NodeProto[] | null {
  const sizes = constants.get(node.input.at(3) ?? '')
  if (node.opType !== 'Resize' || sizes === undefined || !dependents.has(node.input[0])) return null
  const [first, ...others] = int64Values(sizes)
  const [axis] = intsAttribute(node, 'axes') ?? [0]
  if (first !== 1n || axis !== 0) return null
  const [data, roi, scales] = node.input
  const [zero, rest, shape, batch, lifted] = ['zero', 'rest', 'shape', 'batch', 'sizes'].map((part) =>
    freshName(used, `${node.output[0]}/${part}`),
  )
  return [
    constantNode(zero, int64Tensor([0n])),
    constantNode(rest, int64Tensor(others)),
    create(NodeProtoSchema, { opType: 'Shape', input: [data], output: [shape] }),
    create(NodeProtoSchema, { opType: 'Gather', input: [shape, zero], output: [batch] }),
    create(NodeProtoSchema, {
      opType: 'Concat',
      input: [batch, rest],
      output: [lifted],
      attribute: [
        create(AttributeProtoSchema, { name: 'axis', type: AttributeProto_AttributeType.INT, i: 0n }),
      ],
    }),
    shallowCopy(NodeProtoSchema, node, { input: [data, roi, scales, lifted] }),
  ]
}

function liftMatMul(
  node: NodeProto,
  constants: Constants,
  dependents: ReadonlySet<string>,
  spare: string,
): NodeProto[] | null {
  const weights = constants.get(node.input[0])
  // Of other types the rows are not turned: such a network runs one sample at a time.
  if (weights?.dataType !== TensorProto_DataType.FLOAT) return null
  if (node.opType !== 'MatMul' || weights.dims.length !== 2 || !dependents.has(node.input[1])) return null
  return [
    constantNode(spare, transposed(weights)),
    shallowCopy(NodeProtoSchema, node, { input: [node.input[1], spare] }),
  ]
}

function transposed(weights: TensorProto): TensorProto {
  const [rows, columns] = weights.dims.map(Number)
  const values = floatValues(weights)
  const result = new Float32Array(values.length)
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) result[j * rows + i] = values[i * columns + j]
  }
  return create(TensorProtoSchema, {
    dims: [BigInt(columns), BigInt(rows)],
    dataType: TensorProto_DataType.FLOAT,
    rawData: new Uint8Array(result.buffer),
  })
}
