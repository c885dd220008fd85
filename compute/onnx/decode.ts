import { fromBinary, toBinary } from '@bufbuild/protobuf'
import {
  GraphProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  type GraphProto,
  type ModelProto,
} from 'onnx-buf'
import { AtlasError } from '../errors.ts'
import { MAX_DEPTH, MAX_NODES, refuseLargeFile, tooLarge } from './limits.ts'
import { shallowCopy } from './messages.ts'

/** A decoded ONNX file. The messages alias the bytes they were decoded from: treat them as read-only. */
export interface DecodedModel {
  readonly model: ModelProto
  readonly graph: GraphProto
}

/**
 * Decodes the bytes of an ONNX file.
 * @throws AtlasError MALFORMED_ONNX when they are not a protobuf message, end too early, nest too deeply or hold no
 *   graph; TOO_LARGE
 */
export function decodeModel(bytes: Uint8Array): DecodedModel {
  refuseLargeFile(bytes.length)
  const model = parse(bytes)
  if (model.graph === undefined || model.graph.node.length === 0) {
    throw new AtlasError(
      'MALFORMED_ONNX',
      'The file holds no ONNX graph. Check that it is an ONNX model and that it was exported completely.',
    )
  }
  const nodes = model.graph.node.length
  if (nodes > MAX_NODES) {
    throw tooLarge(`The graph has ${nodes} nodes`, `${MAX_NODES}`, 'Simplify it, or export a smaller network')
  }
  return { model, graph: withoutTrailingNames(model.graph) }
}

/**
 * Leaves out operands at the end of a node that are empty names. They mean the same as none, but ONNX Runtime (1.30)
 * crashes where it fuses operators around a LayerNormalization whose bias is an empty name.
 */
function withoutTrailingNames(graph: GraphProto): GraphProto {
  if (!graph.node.some(({ input }) => input.at(-1) === '')) return graph
  const node = graph.node.map((original) => {
    const length = original.input.findLastIndex((name) => name !== '') + 1
    return shallowCopy(NodeProtoSchema, original, { input: original.input.slice(0, length) })
  })
  return shallowCopy(GraphProtoSchema, graph, { node })
}

/** The bytes of `model` with `graph` in place of its own. */
export function encodeModel(model: ModelProto, graph: GraphProto): Uint8Array {
  return toBinary(ModelProtoSchema, shallowCopy(ModelProtoSchema, model, { graph }))
}

/** The version of the standard operator set that a model is written in. */
export function opsetOf(model: ModelProto): number {
  const standard = model.opsetImport.find(({ domain }) => domain === '' || domain === 'ai.onnx')
  return Number(standard?.version ?? 1n)
}

function parse(bytes: Uint8Array): ModelProto {
  try {
    return fromBinary(ModelProtoSchema, bytes, { recursionLimit: MAX_DEPTH })
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    if (reason.includes('maximum recursion depth')) {
      throw new AtlasError(
        'MALFORMED_ONNX',
        `The file nests its messages more than ${MAX_DEPTH} deep, by subgraphs within subgraphs. Export the network ` +
          'without control flow.',
        { cause },
      )
    }
    throw new AtlasError(
      'MALFORMED_ONNX',
      `The file cannot be read as ONNX (${reason}). Check that it is an ONNX model and that it is complete.`,
      { cause },
    )
  }
}
