import type { Kernels } from '#atlas/compute/kernels/index.js'
import { wasmKernels } from '#atlas/compute/kernels/wasm/index.js'

/** The backends that are held to the contract. */
export const backends: readonly Kernels[] = [wasmKernels]
