import type { Kernels } from './contract.ts'
import { wasmKernels } from './wasm/index.ts'

/** The backend in use. */
export function kernels(): Kernels {
  return wasmKernels
}
