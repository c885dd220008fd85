import { fileURLToPath } from 'node:url'
import { openLibrary, type Argument, type SharedLibrary } from '../sharedLibrary.ts'

/** What `npm run build:native` makes. */
export const LIBRARY = fileURLToPath(new URL('./libatlas-native.so', import.meta.url))

/** The instruction sets of search.c, by their numbers there. */
const SETS = ['popcount', 'AVX2', 'AVX-512']

const SEARCH = [
  ...['int', 'const void*', 'const void*', 'int64_t', 'int64_t', 'int64_t', 'int64_t', 'int'],
  ...['void*', 'void*'],
]

/** The parameters of each function of search.c that a call of {@link NativeLibrary.call} names. */
const PARAMETERS = {
  nearest: [...SEARCH, 'int64_t', 'void*', 'void*'],
  within: [...SEARCH, 'void*'],
  take_within: ['uint64_t', 'void*', 'void*', 'void*'],
}

/** The functions of search.c. */
export interface NativeLibrary {
  /** Names of the instruction sets that this machine has, the fastest last; a search takes one by its index. */
  readonly sets: readonly string[]
  /**
   * Calls `atlas_native_<name>`.
   * @throws RangeError where memory ran out
   */
  call(name: keyof typeof PARAMETERS, ...args: Argument[]): void
}

/**
 * Loads the library.
 * @returns the functions, or a sentence that says why there are none
 */
export function loadLibrary(path: string): { library: NativeLibrary } | { reason: string } {
  return openLibrary('native', path, bind)
}

function bind(library: SharedLibrary): NativeLibrary {
  const best = Number(library.func('atlas_native_best', 'int', [])())
  if (best < 0) throw new Error('the processor cannot count bits')
  const functions = Object.entries(PARAMETERS).map(([name, parameters]) => {
    return [name, library.func(`atlas_native_${name}`, 'int', parameters)] as const
  })
  const byName = new Map<string, (...args: Argument[]) => unknown>(functions)
  const call = (name: string, ...args: Argument[]): void => {
    if (byName.get(name)?.(...args) !== 0) throw new RangeError('No memory is left for a search')
  }
  return { sets: SETS.slice(0, best + 1), call }
}
