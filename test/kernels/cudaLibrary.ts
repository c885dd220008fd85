import { built } from './built.ts'

const FOLDER = 'dist/cuda-test'
const SOURCES = { folder: 'compute/kernels/cuda', script: 'scripts/build-cuda.mjs' }

/** The CUDA kernels as g++ builds them for the CPU. */
export const hostLibrary = (): string =>
  built(`${FOLDER}/libatlas-cuda-host.so`, SOURCES, (to) => [
    ...[process.execPath, SOURCES.script, '--host', to],
  ])

/** The CUDA kernels as nvcc builds them. */
export const cudaLibrary = (): string =>
  built(`${FOLDER}/libatlas-cuda.so`, SOURCES, (to) => [process.execPath, SOURCES.script, to])

/** The program that tests the kernels' functions one by one. */
export const functionTest = (): string =>
  built(`${FOLDER}/device-functions-test`, SOURCES, (to) => [
    ...['g++', `@${SOURCES.folder}/host/g++.options`, '-x', 'c++'],
    ...[`${SOURCES.folder}/host/device_functions_test.cpp`, '-o', to],
  ])
