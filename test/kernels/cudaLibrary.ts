import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, renameSync, statSync } from 'node:fs'
import path from 'node:path'

const SOURCES = 'compute/kernels/cuda'
const FOLDER = 'dist/cuda-test'

/** Whether a program is on this machine. */
export const has = (program: string): boolean => spawnSync(program, ['--version']).error === undefined

/** The CUDA kernels as g++ builds them for the CPU; built anew where a source is younger. */
export const hostLibrary = (): string =>
  built('libatlas-cuda-host.so', (to) => [process.execPath, 'scripts/build-cuda.mjs', '--host', to])

/** The CUDA kernels as nvcc builds them. */
export const cudaLibrary = (): string =>
  built('libatlas-cuda.so', (to) => [process.execPath, 'scripts/build-cuda.mjs', to])

/** The program that tests the kernels' functions one by one. */
export const functionTest = (): string =>
  built('device-functions-test', (to) => [
    ...['g++', `@${SOURCES}/host/g++.options`, '-x', 'c++'],
    ...[`${SOURCES}/host/device_functions_test.cpp`, '-o', to],
  ])

/** Makes a file of the sources where it is missing or old. It appears whole, whoever else makes it meanwhile. */
function built(name: string, commandOf: (to: string) => string[]): string {
  const target = path.resolve(FOLDER, name)
  const made = statSync(target, { throwIfNoEntry: false })?.mtimeMs ?? 0
  if (made > newestSource()) return target
  mkdirSync(FOLDER, { recursive: true })
  const partial = `${target}.${process.pid}`
  const [command, ...args] = commandOf(partial)
  const { status, stderr } = spawnSync(command, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}\n${stderr}`)
  renameSync(partial, target)
  return target
}

function newestSource(): number {
  const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
  const sources = files.filter((file) => !file.endsWith('.ts')).map((file) => path.join(SOURCES, file))
  return Math.max(...[...sources, 'scripts/build-cuda.mjs'].map((file) => statSync(file).mtimeMs))
}
