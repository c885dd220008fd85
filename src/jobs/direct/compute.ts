import { backend, type Backend } from '../../../compute/kernels/index.ts'
import { inferenceDevice } from '../../../compute/onnx/index.ts'

/** What computes here. */
export interface ComputeInUse {
  kernels: Backend
  /** For people: ONNX Runtime's version and what it runs on. */
  inference: string
}

/** The kernels' backend and ONNX Runtime, as this process uses them; workers elsewhere have their own. */
export function computeInUse(): ComputeInUse {
  return { kernels: backend(), inference: inferenceDevice() }
}
