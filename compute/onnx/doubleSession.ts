import { Tensor } from 'onnxruntime-node'
import { AtlasError } from '../errors.ts'
import { createSession, FATAL_ONLY, inferenceFailed } from './runtime.ts'

/** A float64 tensor in row-major order. */
export interface DoubleTensor {
  readonly values: Float64Array
  readonly dims: readonly number[]
}

/** A model in float64, on the CPU; one thread, since callers run one a core. */
export interface DoubleSession {
  run(inputs: ReadonlyMap<string, DoubleTensor>, output: string): Promise<DoubleTensor>
  close(): Promise<void>
}

/**
 * Loads a float64 model into ONNX Runtime.
 * @throws AtlasError NO_FLOAT64 where the runtime has no float64 form of an operator; `run` throws INFERENCE_FAILED
 */
export async function openDoubleSession(bytes: Uint8Array): Promise<DoubleSession> {
  const options = { intraOpNumThreads: 1, interOpNumThreads: 1 }
  const session = await createSession(bytes, options, [['cpu']], refused)
  return {
    async run(inputs, output) {
      const feeds = Object.fromEntries(
        [...inputs].map(([name, { values, dims }]) => [name, new Tensor('float64', values, dims)]),
      )
      const results = await session
        .run(feeds, [output], { logSeverityLevel: FATAL_ONLY })
        .catch(inferenceFailed)
      const { data, dims } = results[output]
      if (!(data instanceof Float64Array)) throw new TypeError(`The tensor "${output}" is not float64`)
      return { values: data, dims }
    },
    close: () => session.release(),
  }
}

function refused(reason: string, cause: unknown): AtlasError {
  return new AtlasError('NO_FLOAT64', `ONNX Runtime cannot run this network in float64: ${reason}`, { cause })
}
