import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import type { Kernels } from './contract.ts'
import { openCuda } from './cuda/index.ts'
import { LIBRARY as CUDA_LIBRARY } from './cuda/library.ts'
import { openNative } from './native/index.ts'
import { LIBRARY as NATIVE_LIBRARY } from './native/library.ts'
import { wasmKernels } from './wasm/index.ts'

/** Which backend serves, and why. */
export interface Backend {
  name: Kernels['name']
  /** What it runs on, for people: the GPU's name, or the threads and what they run. */
  device: string
  /** Why a backend that would have come first does not serve, in sentences; null where none would. */
  fallback: string | null
}

/** A backend and its kernels. */
export interface Choice extends Backend {
  kernels: Kernels
}

let choice: Choice | undefined

/**
 * The kernels in use: those of ATLAS_BACKEND, chosen on the first call, see {@link choose}. The variable, not an
 * argument, decides, since worker threads choose for themselves and must choose alike.
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

/**
 * `auto` takes the GPU where one can be used, else the native kernels where they are built, else WebAssembly. The
 * others stand for themselves, with WebAssembly where they cannot be used.
 *
 * @param wanted a value of ATLAS_BACKEND
 * @param libraries where they are; by default where they are built
 */
export function choose(wanted: string, libraries = { cuda: CUDA_LIBRARY, native: NATIVE_LIBRARY }): Choice {
  const auto = wanted === 'auto'
  const reasons: string[] = []
  if (auto || wanted === 'cuda') {
    const cuda = openCuda(libraries.cuda)
    if ('kernels' in cuda) return { name: 'cuda', ...cuda, fallback: null }
    reasons.push(`CUDA is not used: ${cuda.reason}`)
  }
  const threads = `${availableParallelism()} threads`
  const fallback = () => (reasons.length > 0 ? reasons.join(' ') : null)
  if (wanted === 'native' || (auto && existsSync(libraries.native))) {
    const native = openNative(libraries.native)
    if ('kernels' in native) {
      const device = `C with ${native.device}, ${threads}`
      return { name: 'native', device, kernels: native.kernels, fallback: fallback() }
    }
    reasons.push(`The native kernels are not used: ${native.reason}`)
  }
  return { name: 'wasm', device: `WebAssembly, ${threads}`, kernels: wasmKernels, fallback: fallback() }
}
