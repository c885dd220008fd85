import { env } from 'onnxruntime-node'
import { backend } from '../kernels/index.ts'

/**
 * Execution providers of ONNX Runtime, lists to try one after the other: CUDA first where the kernels run on a GPU,
 * since ONNX Runtime throws where its CUDA files are missing instead of falling back.
 *
 * TensorFloat-32 is off, which must be said before the first CUDA call: it changes 1 to 4 % of the codes.
 */
export function executionProviders(): readonly (readonly string[])[] {
  if (backend().name !== 'cuda') return [['cpu']]
  process.env.NVIDIA_TF32_OVERRIDE = '0'
  return [['cuda', 'cpu'], ['cpu']]
}

/** For people: ONNX Runtime's version and what it runs on. */
export function inferenceDevice(): string {
  const { node, common } = env.versions
  const device = backend().name === 'cuda' ? 'CUDA where its files are installed, else CPU' : 'CPU'
  return `ONNX Runtime ${node ?? common}, ${device}`
}
