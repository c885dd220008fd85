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
import type { Tensor } from 'onnxruntime-node'
import { AtlasError } from '../errors.ts'
import { int64Tensor } from './constants.ts'
import { encodeModel } from './decode.ts'
import type { NetworkGraph } from './graph.ts'
import { shallowCopy } from './messages.ts'
import { constantNode, freshName, tensorNames } from './newNodes.ts'
import { describeNode } from './node.ts'
import { OPERATORS } from './operators.ts'
import { createSession, FATAL_ONLY, inferenceFailed } from './runtime.ts'
import { refusedNetwork } from './session.ts'
import { feedOf } from './feeds.ts'
import { elementCount } from '../shape.ts'

/** Batches whose shapes are compared: what is 2 and 3 counts samples. */
const BATCHES = [2, 3] as const

/** What a constant may hold. */
const TYPES: ReadonlyMap<string, TensorProto_DataType> = new Map([
  ['bool', TensorProto_DataType.BOOL],
  ['float16', TensorProto_DataType.FLOAT16],
  ['float32', TensorProto_DataType.FLOAT],
  ['int32', TensorProto_DataType.INT32],
  ['int64', TensorProto_DataType.INT64],
])

/** Operators that are written anew by the values of their scales, which may be computed from constants alone. */
const RESIZING: ReadonlySet<string> = new Set(['Resize', 'Upsample'])

/** A tensor that is computed beforehand, in both batches. */
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
  const computed = computedTensors(network, graph)
  const reads = (node: NodeProto) => {
    if (RESIZING.has(node.opType)) return node.input.slice(1).filter((name) => computed.has(name))
    const isDependent = node.output.some((name) => network.dependents.has(name))
    return isDependent ? node.input.filter((name) => known.has(name)) : []
  }
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

/** Names of the tensors that nodes compute from constants and shapes. */
function computedTensors({ dependents }: NetworkGraph, graph: GraphProto): Set<string> {
  const names = graph.node.filter(({ opType }) => opType !== 'Constant').flatMap(({ output }) => output)
  return new Set(names.filter((name) => !dependents.has(name)))
}

async function valuesOf(
  model: ModelProto,
  { input }: NetworkGraph,
  graph: GraphProto,
  names: readonly string[],
): Promise<Map<string, Values>> {
  const output = names.map((name) => create(ValueInfoProtoSchema, { name }))
  const bytes = encodeModel(model, shallowCopy(GraphProtoSchema, graph, { output, valueInfo: [] }))
  const session = await createSession(bytes, { intraOpNumThreads: 1 }, [['cpu']], refusedNetwork)
  try {
    const run = (rows: number) => {
      const zeros = new Float32Array(rows * elementCount(input.sampleShape))
      const feeds = { [input.name]: feedOf(input.type, zeros, [rows, ...input.sampleShape]) }
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
  const isSizes = (node.opType === 'Expand' && operand === 1) || (node.opType === 'Resize' && operand === 3)
  return same(values) ?? (isSizes ? oneSample(values) : undefined)
}

/** A tensor that is the same in both batches. */
function same([first, second]: Values): TensorProto | undefined {
  const dataType = TYPES.get(first.type)
  if (dataType === undefined || Array.isArray(first.data) || Array.isArray(second.data)) return undefined
  const [rawData, other] = [first.data, second.data].map(
    ({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength),
  )
  if (rawData.length !== other.length || rawData.some((byte, i) => byte !== other[i])) return undefined
  return create(TensorProtoSchema, { dims: first.dims.map(BigInt), dataType, rawData: rawData.slice() })
}

/**
 * Sizes to expand or resize to, with 1 for the batch: an Expand's operand has that axis already, and a Resize is
 * written for one sample.
 */
function oneSample([{ data: first }, { data: second }]: Values): TensorProto | undefined {
  if (!(first instanceof BigInt64Array && second instanceof BigInt64Array)) return undefined
  const isBatch = (i: number) => first[i] === BigInt(BATCHES[0]) && second[i] === BigInt(BATCHES[1])
  if (!first.every((size, i) => size === second[i] || isBatch(i))) return undefined
  return int64Tensor(Array.from(first, (size, i) => (size === second[i] ? size : 1n)))
}

/** The shape of both batches: -1 takes what the other axes leave, where one grows. */
function reshaped([first, second]: readonly (readonly number[])[]): TensorProto | undefined {
  const growing = first.filter((size, axis) => size !== second[axis]).length
  if (growing > 1) return undefined
  return int64Tensor(first.map((size, axis) => (size === second[axis] ? BigInt(size) : -1n)))
}

function needsBatch(node: NodeProto, operand: number): AtlasError {
  return new AtlasError(
    'BATCH_IN_SHAPE',
    `Exact geometry runs many points at once, but the ${describeNode(node)} takes "${node.input[operand]}", which is ` +
      'computed from the size of the batch. Export the network with constants instead.',
  )
}
