import { loadLibrary } from '#atlas/compute/kernels/native/library.js'
import { openNative } from '#atlas/compute/kernels/native/index.js'
import type { Kernels } from '#atlas/compute/kernels/index.js'
import { built, has } from './built.ts'

const SOURCES = { folder: 'compute/kernels/native', script: 'scripts/build-native.mjs' }

/** Whether there is a compiler to build the native kernels with. */
export const hasCompiler = ['cc', 'gcc', 'clang'].some(has)

/** The native kernels as the machine's C compiler builds them. */
export const nativeLibrary = (): string =>
  built('dist/native-test/libatlas-native.so', SOURCES, (to) => [process.execPath, SOURCES.script, to])

/** They with each instruction set that this machine has, by its name. */
export function nativeKernels(): { set: string; kernels: Kernels }[] {
  const loaded = loadLibrary(nativeLibrary())
  if ('reason' in loaded) throw new Error(loaded.reason)
  return loaded.library.sets.map((set, index) => {
    const opened = openNative(nativeLibrary(), index)
    if ('reason' in opened) throw new Error(opened.reason)
    return { set, kernels: opened.kernels }
  })
}
