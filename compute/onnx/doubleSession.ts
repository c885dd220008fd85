import { InferenceSession, Tensor } from 'onnxruntime-node'
import { AtlasError } from '../errors.ts'

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
  const options = {
    executionProviders: ['cpu'],
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    logSeverityLevel: 4,
  } as const
  const session = await InferenceSession.create(bytes, options).catch((cause: unknown) => {
    throw new AtlasError(
      'NO_FLOAT64',
      `ONNX Runtime cannot run this network in float64: ${reasonOf(cause)}`,
      { cause },
    )
  })
  return {
    async run(inputs, output) {
      const feeds = Object.fromEntries(
        [...inputs].map(([name, { values, dims }]) => [name, new Tensor('float64', values, dims)]),
      )
      const results = await session.run(feeds, [output], { logSeverityLevel: 4 }).catch((cause: unknown) => {
        throw new AtlasError('INFERENCE_FAILED', `ONNX Runtime cannot run the network: ${reasonOf(cause)}`, {
          cause,
        })
      })
      const { data, dims } = results[output]
      if (!(data instanceof Float64Array)) throw new TypeError(`The tensor "${output}" is not float64`)
      return { values: data, dims }
    },
    close: () => session.release(),
  }
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}
