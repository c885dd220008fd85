import { InferenceSession } from 'onnxruntime-node'
import type { Tensor } from 'onnxruntime-node'

/**
 * Opens a model in ONNX Runtime on the CPU. One thread, so that no sum depends on how work was shared out; at
 * these sizes more threads gain little.
 */
export function createSession(model: Uint8Array<ArrayBuffer>): Promise<InferenceSession> {
  return InferenceSession.create(model, {
    executionProviders: ['cpu'],
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
  })
}

/** The values of a float32 tensor. Throws an Error for any other type. */
export function floatsOf(tensor: Tensor): Float32Array {
  if (!(tensor.data instanceof Float32Array)) {
    throw new Error(`expected a float32 tensor, got ${tensor.type}`)
  }
  return tensor.data
}
