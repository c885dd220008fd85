import type { Tensor } from 'onnxruntime-node'
import { AtlasError } from '../errors.ts'
import { feedOf, floatsOf, numberType } from './feeds.ts'
import { executionProviders } from './providers.ts'
import { createSession, FATAL_ONLY, inferenceFailed } from './runtime.ts'

/** A float32 tensor in row-major order. */
export interface FloatTensor {
  readonly values: Float32Array
  readonly dims: readonly number[]
}

/** A loaded model in ONNX Runtime. */
export interface Session {
  /** Runs the model on one input tensor and returns the outputs asked for, in their order, as float32. */
  run(inputName: string, input: FloatTensor, outputs: readonly string[]): Promise<FloatTensor[]>
  close(): Promise<void>
}

/**
 * Loads a model into ONNX Runtime with its default optimisations.
 * @param threads threads of one run; ONNX Runtime's choice (one a core) where it is left out.
 * @param providers execution providers, lists to try one after the other.
 * @throws AtlasError MALFORMED_ONNX with the runtime's reason when it refuses the model; `run` throws
 *   INFERENCE_FAILED.
 */
export async function openSession(
  bytes: Uint8Array,
  threads?: number,
  providers = executionProviders(),
): Promise<Session> {
  const options = {
    // Threads that wait for the next batch leave their core to whoever packs and stores the last one: ingest of
    // 70,000 images took 3.5 instead of 3.8 s on two cores, inference alone no longer.
    // Dequantised weights stay what the file says: fused with a product, they would quantise its other operand as well.
    extra: { session: { intra_op: { allow_spinning: '0' }, disable_quant_qdq: '1' } },
    ...(threads === undefined ? {} : { intraOpNumThreads: threads }),
  }
  const session = await createSession(bytes, options, providers, refusedNetwork)
  const types = new Map(
    session.inputMetadata.flatMap((input) =>
      input.isTensor ? [[input.name, numberType(input.type) ?? 'float32'] as const] : [],
    ),
  )
  return {
    async run(inputName, { values, dims }, outputs) {
      const feeds = { [inputName]: feedOf(types.get(inputName) ?? 'float32', values, dims) }
      const results = await session
        .run(feeds, outputs, { logSeverityLevel: FATAL_ONLY })
        .catch(inferenceFailed)
      return outputs.map((name) => floatTensor(name, results[name]))
    },
    close: () => session.release(),
  }
}

function floatTensor(name: string, tensor: Tensor): FloatTensor {
  const values = floatsOf(tensor)
  if (values) return { values, dims: tensor.dims }
  throw new AtlasError(
    'MALFORMED_ONNX',
    `The tensor "${name}" is ${tensor.type}. Export the network with gates and scores in float32, float16 or float64.`,
  )
}

/** What a network is refused with where the runtime does not take it. */
export function refusedNetwork(reason: string, cause: unknown): AtlasError {
  return new AtlasError('MALFORMED_ONNX', `ONNX Runtime refuses the network: ${reason}`, { cause })
}
