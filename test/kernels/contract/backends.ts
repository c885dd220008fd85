import { openCuda } from '#atlas/compute/kernels/cuda/index.js'
import type { Kernels } from '#atlas/compute/kernels/index.js'
import { wasmKernels } from '#atlas/compute/kernels/wasm/index.js'
import { has } from '../built.ts'
import { hostLibrary } from '../cudaLibrary.ts'
import { hasCompiler, nativeKernels } from '../nativeLibrary.ts'

/** The backends that are held to the contract: CUDA's kernels run on the CPU, where there is a g++ to compile them. */
export const backends: readonly Kernels[] = has('g++') ? [wasmKernels, cudaOnHost()] : [wasmKernels]

/**
 * The backends' searches, by name: the native ones as well, with each instruction set of this machine, where there is
 * a C compiler. All else of the native backend is WebAssembly's.
 */
export const searches: readonly (readonly [name: string, kernels: Kernels])[] = [
  ...backends.map((kernels) => [kernels.name, kernels] as const),
  ...(hasCompiler ? nativeKernels() : []).map(({ set, kernels }) => [`native ${set}`, kernels] as const),
]

function cudaOnHost(): Kernels {
  const opened = openCuda(hostLibrary())
  if ('reason' in opened) throw new Error(opened.reason)
  return opened.kernels
}

/**
 * Rows of the large cases whose work grows with their square. On the CPU the CUDA kernels take half a minute for each
 * of three with 10,000, which ATLAS_TEST=long runs.
 */
export const manyRows = ({ name }: Kernels): number =>
  name === 'cuda' && process.env.ATLAS_TEST !== 'long' ? 2_000 : 10_000
