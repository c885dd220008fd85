import { availableParallelism } from 'node:os'
import type { Kernels } from './contract.ts'
import { openCuda } from './cuda/index.ts'
import { wasmKernels } from './wasm/index.ts'

/** Which backend serves, and why. */
export interface Backend {
  name: Kernels['name']
  /** What it runs on, for people: the GPU's name, or the threads of WebAssembly. */
  device: string
  /** Why CUDA does not serve; null where it does, or was not asked for. */
  fallback: string | null
}

interface Choice extends Backend {
  kernels: Kernels
}

let choice: Choice | undefined

/**
 * The kernels in use: those of ATLAS_BACKEND, chosen on the first call. `cuda` and `auto` take the GPU where one can
 * be used; where none can, WebAssembly serves and {@link backend} says why. The variable, not an argument, decides,
 * since worker threads choose for themselves and must choose alike.
 */
export function kernels(): Kernels {
  return chosen().kernels
}

/** Which backend {@link kernels} gives. */
export function backend(): Backend {
  const { name, device, fallback } = chosen()
  return { name, device, fallback }
}

function chosen(): Choice {
  return (choice ??= choose(process.env.ATLAS_BACKEND || 'auto'))
}

function choose(wanted: string): Choice {
  const threads = `WebAssembly, ${availableParallelism()} threads`
  const wasm = { name: 'wasm', device: threads, kernels: wasmKernels } as const
  if (wanted === 'wasm') return { ...wasm, fallback: null }
  const cuda = openCuda()
  if ('reason' in cuda) return { ...wasm, fallback: cuda.reason }
  return { name: 'cuda', device: cuda.device, kernels: cuda.kernels, fallback: null }
}
