import { create } from '@bufbuild/protobuf'
import { GraphProtoSchema, ValueInfoProtoSchema, type GraphProto, type ModelProto } from 'onnx-buf'
import { encodeModel } from './decode.ts'
import type { NetworkInput } from './input.ts'
import { shallowCopy } from './messages.ts'
import { openSession } from './session.ts'
import { elementCount } from '../shape.ts'

/**
 * The shapes of some tensors of a batched graph for one sample, found by running it on zeros.
 * @throws AtlasError MALFORMED_ONNX, INFERENCE_FAILED
 */
export async function measureShapes(
  model: ModelProto,
  graph: GraphProto,
  input: NetworkInput,
  names: readonly string[],
): Promise<Map<string, readonly number[]>> {
  if (names.length === 0) return new Map()
  const output = names.map((name) => create(ValueInfoProtoSchema, { name }))
  const exposed = shallowCopy(GraphProtoSchema, graph, { output, valueInfo: [] })
  const session = await openSession(encodeModel(model, exposed), 1, [['cpu']])
  try {
    const zeros = new Float32Array(elementCount(input.sampleShape))
    const results = await session.run(input.name, { values: zeros, dims: [1, ...input.sampleShape] }, names)
    return new Map(results.map(({ dims }, i) => [names[i], dims]))
  } finally {
    await session.close()
  }
}
