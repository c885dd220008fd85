import type { Kernels } from '../contract.ts'
import { wasmKernels } from '../wasm/index.ts'
import { LIBRARY, loadLibrary } from './library.ts'
import { nearest, within } from './searches.ts'

/**
 * Opens the native backend, or says why it cannot be used here: the searches in C, all else in WebAssembly.
 *
 * @param path the library; by default that of `npm run build:native`
 * @param most the fastest instruction set to use, 0 to 2; by default the machine's
 */
export function openNative(
  path = LIBRARY,
  most = Infinity,
): { kernels: Kernels; device: string } | { reason: string } {
  const loaded = loadLibrary(path)
  if ('reason' in loaded) return loaded
  const { library } = loaded
  const set = Math.min(most, library.sets.length - 1)
  return {
    kernels: {
      ...wasmKernels,
      name: 'native',
      nearest: (task) => nearest(library, set, task),
      within: (task) => within(library, set, task),
    },
    device: library.sets[set],
  }
}
