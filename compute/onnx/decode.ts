import { fromBinary, toBinary } from '@bufbuild/protobuf'
import { ModelProtoSchema, type GraphProto, type ModelProto } from 'onnx-buf'
import { AtlasError } from '../errors.ts'
import { shallowCopy } from './messages.ts'

/** A decoded ONNX file. The messages alias the bytes they were decoded from: treat them as read-only. */
export interface DecodedModel {
  readonly model: ModelProto
  readonly graph: GraphProto
}

/**
 * Decodes the bytes of an ONNX file.
 * @throws AtlasError MALFORMED_ONNX when they are not a protobuf message, end too early or hold no graph.
 */
export function decodeModel(bytes: Uint8Array): DecodedModel {
  const model = parse(bytes)
  if (model.graph === undefined || model.graph.node.length === 0) {
    throw new AtlasError(
      'MALFORMED_ONNX',
      'The file holds no ONNX graph. Check that it is an ONNX model and that it was exported completely.',
    )
  }
  return { model, graph: model.graph }
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
    return fromBinary(ModelProtoSchema, bytes)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new AtlasError(
      'MALFORMED_ONNX',
      `The file cannot be read as ONNX (${reason}). Check that it is an ONNX model and that it is complete.`,
      { cause },
    )
  }
}
