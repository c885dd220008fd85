import { fileURLToPath } from 'node:url'
import { AtlasError } from '../../errors.ts'
import { openLibrary, type Argument, type SharedLibrary } from '../sharedLibrary.ts'

/** What `npm run build:cuda` makes. */
export const LIBRARY = fileURLToPath(new URL('./libatlas-cuda.so', import.meta.url))

/** Longest name of a GPU that is asked for, bytes. */
const NAME_BYTES = 256

const ROWS = ['uint64_t', 'const void*', 'int64_t']
const QUERIES_AND_BASE = [...ROWS, ...ROWS, 'int64_t', 'int64_t', 'int64_t']
const SIDE = [...ROWS, 'int64_t', 'int64_t', 'const void*', 'const void*']

/** The parameters of each function of atlas_cuda.h that a call of {@link CudaLibrary.call} names. */
const PARAMETERS = {
  open: ['void*', 'int64_t'],
  pack: ['const void*', 'int64_t', 'int64_t', 'float', 'void*', 'void*', 'void*'],
  hash128: ['const void*', 'int64_t', 'int64_t', 'uint32_t', 'void*'],
  popcounts: ['const void*', 'int64_t', 'int64_t', 'void*'],
  mark_differences: ['const void*', 'int64_t', 'int64_t', 'const void*', 'void*'],
  group_table: ['int64_t', 'uint32_t', 'void*'],
  group_insert: ['uint64_t', 'const void*', 'int64_t', 'void*', 'void*', 'void*'],
  group_download: ['uint64_t', 'void*', 'void*', 'void*'],
  group_free: ['uint64_t'],
  nearest: [...QUERIES_AND_BASE, 'int32_t', 'int32_t', 'int', 'void*', 'void*', 'void*'],
  within: [...QUERIES_AND_BASE, 'int32_t', 'int', 'void*', 'void*'],
  within_take: ['uint64_t', 'void*', 'void*'],
  count_distances: [...ROWS, 'int64_t', 'int64_t', 'const void*', 'int64_t', 'int64_t', 'void*'],
  sum_pairs: [
    ...['const void*', 'const void*', 'const void*', 'int64_t', 'int64_t'],
    ...SIDE,
    ...SIDE,
    ...['int64_t', 'int64_t', 'void*'],
  ],
  tree: [...ROWS, 'int64_t', 'const void*', 'void*'],
  tree_grow: ['uint64_t', 'int64_t', 'void*'],
  tree_download: ['uint64_t', 'void*', 'void*', 'void*'],
  tree_free: ['uint64_t'],
  count_bits: [
    ...[...ROWS, 'int64_t', 'int64_t'],
    ...['const void*', 'int64_t', 'const void*', 'int64_t', 'void*'],
  ],
  count_flips: [
    ...[...ROWS, 'const void*'],
    ...[...ROWS, 'const void*'],
    ...['int64_t', 'int64_t', 'int64_t', 'void*'],
  ],
  count_common: [...ROWS, ...ROWS, 'int64_t', 'void*'],
}

/** The functions of atlas_cuda.h. */
export interface CudaLibrary {
  /** Name of the GPU. */
  readonly device: string
  /**
   * Calls `atlas_cuda_<name>`.
   * @throws AtlasError CUDA_FAILED with what the library says of a failure
   */
  call(name: keyof typeof PARAMETERS, ...args: Argument[]): void
}

/**
 * Loads the library and opens the GPU.
 * @returns the functions, or a sentence that says why there are none
 */
export function loadLibrary(path: string): { library: CudaLibrary } | { reason: string } {
  return openLibrary('CUDA', path, bind)
}

function bind(library: SharedLibrary): CudaLibrary {
  const functions = Object.entries(PARAMETERS).map(([name, parameters]) => {
    return [name, library.func(`atlas_cuda_${name}`, 'int', parameters)] as const
  })
  const byName = new Map<string, (...args: Argument[]) => unknown>(functions)
  const errorText = library.func('atlas_cuda_error', 'const char*', [])
  const call = (name: string, ...args: Argument[]): void => {
    if (byName.get(name)?.(...args) !== 0) throw new AtlasError('CUDA_FAILED', sentence(String(errorText())))
  }
  const name = Buffer.alloc(NAME_BYTES)
  call('open', name, name.length)
  return { device: name.toString('utf8', 0, name.indexOf(0)), call }
}

const sentence = (text: string): string => `${text}.`
