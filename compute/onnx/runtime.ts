import { InferenceSession } from 'onnxruntime-node'
import { AtlasError } from '../errors.ts'

/** Only fatal messages go to stderr: every failure is reported as an error already. */
export const FATAL_ONLY = 4

/** Characters of the runtime's reasons that sentences give. */
const MAX_REASON = 2000

/**
 * Loads a model into ONNX Runtime on the first execution providers that take it.
 *
 * @param providers lists to try one after the other
 * @param refused makes the error of what the runtime said of the last list
 */
export async function createSession(
  bytes: Uint8Array,
  options: InferenceSession.SessionOptions,
  providers: readonly (readonly string[])[],
  refused: (reason: string, cause: unknown) => AtlasError,
): Promise<InferenceSession> {
  let cause: unknown
  for (const executionProviders of providers) {
    try {
      return await InferenceSession.create(bytes, {
        ...options,
        logSeverityLevel: FATAL_ONLY,
        executionProviders: [...executionProviders],
      })
    } catch (error) {
      cause = error
    }
  }
  throw refused(reasonOf(cause), cause)
}

/** For the `catch` of a run. Throws INFERENCE_FAILED. */
export function inferenceFailed(cause: unknown): never {
  throw new AtlasError('INFERENCE_FAILED', `ONNX Runtime cannot run the network: ${reasonOf(cause)}`, {
    cause,
  })
}

/** What the runtime said. It lists all operands of a node, which may be thousands. */
function reasonOf(cause: unknown): string {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return reason.length <= MAX_REASON ? reason : `${reason.slice(0, MAX_REASON)}…`
}
