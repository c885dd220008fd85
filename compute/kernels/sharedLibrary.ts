import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import type koffi from 'koffi'
import { AtlasError } from '../errors.ts'

/** What C takes. Memory of a typed array is handed over by its address, shared memory too: nothing is copied. */
export type Argument = number | bigint | null | NodeJS.TypedArray

/** A shared library as koffi loads it. */
export type SharedLibrary = ReturnType<typeof koffi.load>

/**
 * Loads a shared library of ours. koffi is loaded here, so that machines without any library do without it.
 *
 * @param name for people; `npm run build:<name>` in lower case makes it
 * @param bind finds the functions; the message of an AtlasError that it throws is the reason as it stands
 * @returns what `bind` gives, or a sentence that says why there is nothing
 */
export function openLibrary<Bound>(
  name: string,
  path: string,
  bind: (library: SharedLibrary) => Bound,
): { library: Bound } | { reason: string } {
  if (!existsSync(path)) {
    return { reason: `the ${name} library is not built (npm run build:${name.toLowerCase()}).` }
  }
  try {
    const { load }: typeof koffi = createRequire(import.meta.url)('koffi')
    return { library: bind(load(path)) }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return {
      reason: error instanceof AtlasError ? message : `the ${name} library cannot be loaded: ${message}.`,
    }
  }
}
