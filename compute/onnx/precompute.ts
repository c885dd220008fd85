import { create } from '@bufbuild/protobuf'
import {
  GraphProtoSchema,
  NodeProtoSchema,
  TensorProto_DataType,
  TensorProtoSchema,
  ValueInfoProtoSchema,
  type GraphProto,
  type ModelProto,
  type NodeProto,
  type TensorProto,
} from 'onnx-buf'
import { Tensor } from 'onnxruntime-node'
import { AtlasError } from '../errors.ts'
import { int64Tensor } from './constants.ts'
import { encodeModel } from './decode.ts'
import type { NetworkGraph } from './graph.ts'
import { shallowCopy } from './messages.ts'
import { constantNode, freshName, tensorNames } from './newNodes.ts'
import { describeNode } from './node.ts'
import { OPERATORS } from './operators.ts'
import { createSession, FATAL_ONLY, inferenceFailed } from './runtime.ts'
import { elementCount } from './shape.ts'

/** Batches whose shapes are compared: what is 2 and 3 counts samples. */
const BATCHES = [2, 3] as const

/** A tensor computed from shapes, in both batches. */
type Values = readonly [Tensor, Tensor]

/**
 * Replaces what a graph computes from the shapes of its tensors, and weights that it stores quantised, by constants, so
 * that it can be cut at its gates and run in float64: it is run on two batches, and sizes that grow with the batch are
 * left to the operators, which infer them.
 *
 * @param graph the network's own, or the lifted one: it takes batches
 * @throws AtlasError BATCH_IN_SHAPE where an operator needs the size of the batch itself; INFERENCE_FAILED
 */
export async function precompute(
  model: ModelProto,
  network: NetworkGraph,
  graph: GraphProto,
): Promise<GraphProto> {
  const known = precomputable(network, graph)
  const reads = (node: NodeProto) =>
    node.output.some((name) => network.dependents.has(name))
      ? node.input.filter((name) => known.has(name))
      : []
  const readers = graph.node.filter((node) => reads(node).length > 0)
  if (readers.length === 0) return graph
  // A Reshape is told by the shape that it gives.
  const wanted = new Set(readers.flatMap((node) => (node.opType === 'Reshape' ? node.output : reads(node))))
  const values = await valuesOf(model, network, graph, [...wanted])
  const names = tensorNames(graph)
  const node = graph.node.flatMap((original) => {
    const constants: NodeProto[] = []
    const read = reads(original)
    const input = original.input.map((name, operand) => {
      if (!read.includes(name)) return name
      const folded = freshName(names, `${original.output[0]}/operand${operand}`)
      const found = values.get(original.opType === 'Reshape' ? original.output[0] : name)
      const constant = found && fold(original, operand, found)
      if (!constant) throw needsBatch(original, operand)
      constants.push(constantNode(folded, constant))
      return folded
    })
    return [...constants, shallowCopy(NodeProtoSchema, original, { input })]
  })
  return shallowCopy(GraphProtoSchema, graph, { node })
}

/** Names of the tensors that follow from sizes of tensors which depend on the input, or from quantised weights. */
function precomputable({ dependents }: NetworkGraph, graph: GraphProto): Set<string> {
  const known = new Set<string>()
  for (const { opType, input, output } of graph.node) {
    const operator = OPERATORS.get(opType)
    const readsShape = operator?.role === 'static' && operator.reads === 'SHAPE'
    const begins = opType === 'DequantizeLinear' || (readsShape && input.some((name) => dependents.has(name)))
    if (!begins && !input.some((name) => known.has(name))) continue
    for (const name of output) if (!dependents.has(name)) known.add(name)
  }
  return known
}

async function valuesOf(
  model: ModelProto,
  { input }: NetworkGraph,
  graph: GraphProto,
  names: readonly string[],
): Promise<Map<string, Values>> {
  const output = names.map((name) => create(ValueInfoProtoSchema, { name }))
  const bytes = encodeModel(model, shallowCopy(GraphProtoSchema, graph, { output, valueInfo: [] }))
  const refused = (reason: string, cause: unknown) =>
    new AtlasError('MALFORMED_ONNX', `ONNX Runtime refuses the network: ${reason}`, { cause })
  const session = await createSession(bytes, { intraOpNumThreads: 1 }, [['cpu']], refused)
  try {
    const [type] = session.inputMetadata.flatMap((tensor) => (tensor.isTensor ? [tensor.type] : []))
    const run = (rows: number) => {
      const size = rows * elementCount(input.sampleShape)
      const zeros = type === 'float16' ? new Uint16Array(size) : new Float32Array(size)
      const feeds = { [input.name]: new Tensor(type, zeros, [rows, ...input.sampleShape]) }
      return session.run(feeds, names, { logSeverityLevel: FATAL_ONLY }).catch(inferenceFailed)
    }
    const [first, second] = [await run(BATCHES[0]), await run(BATCHES[1])]
    return new Map(names.map((name) => [name, [first[name], second[name]]]))
  } finally {
    await session.release()
  }
}

/** The constant that does what an operand of a node does in batches of any size; undefined where there is none. */
function fold(node: NodeProto, operand: number, values: Values): TensorProto | undefined {
  if (node.opType === 'Reshape') return reshaped(values.map(({ dims }) => dims))
  const [first, second] = values.map(({ data }) => data)
  const isExpand = node.opType === 'Expand' && operand === 1
  if (first.length !== second.length) return undefined
  const dims = values[0].dims.map(BigInt)
  if (first instanceof BigInt64Array && second instanceof BigInt64Array) {
    const sizes = Array.from(first, (size, i) => (isExpand && isBatch(size, second[i]) ? 1n : size))
    const fits = sizes.every((size, i) => size === second[i] || (isExpand && isBatch(first[i], second[i])))
    return fits ? shallowCopy(TensorProtoSchema, int64Tensor(sizes), { dims }) : undefined
  }
  if (!(first instanceof Float32Array && second instanceof Float32Array)) return undefined
  if (!first.every((value, i) => Object.is(value, second[i]))) return undefined
  const rawData = new Uint8Array(first.slice().buffer)
  return create(TensorProtoSchema, { dims, dataType: TensorProto_DataType.FLOAT, rawData })
}

/** The shape of both batches: -1 takes what the other axes leave, where one grows. */
function reshaped([first, second]: readonly (readonly number[])[]): TensorProto | undefined {
  const growing = first.filter((size, axis) => size !== second[axis]).length
  if (growing > 1) return undefined
  return int64Tensor(first.map((size, axis) => (size === second[axis] ? BigInt(size) : -1n)))
}

function isBatch(first: bigint, second: bigint): boolean {
  return first === BigInt(BATCHES[0]) && second === BigInt(BATCHES[1])
}

function needsBatch(node: NodeProto, operand: number): AtlasError {
  return new AtlasError(
    'BATCH_IN_SHAPE',
    `Exact geometry runs many points at once, but the ${describeNode(node)} takes "${node.input[operand]}", which is ` +
      'computed from the size of the batch. Export the network with constants instead.',
  )
}
