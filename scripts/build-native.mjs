// Builds the searches in C: node scripts/build-native.mjs [output]
// The machine's C compiler makes dist/compute/kernels/native/libatlas-native.so, which serves every processor of the
// architecture: the instruction set is chosen when a search runs.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import path from 'node:path'

const SOURCE = 'compute/kernels/native/search.c'
const TARGET = 'dist/compute/kernels/native/libatlas-native.so'
const OPTIONS = ['-std=c11', '-O3', '-Wall', '-Wextra', '-Werror', '-fPIC', '-shared']

const fail = (message) => {
  console.error(`build:native: ${message}`)
  process.exit(1)
}

const works = (command) => spawnSync(command, ['--version']).error === undefined

if (!existsSync(SOURCE)) fail('run it in the root of the project (npm run build:native).')
const compiler = [process.env.CC, 'cc', 'gcc', 'clang'].filter(Boolean).find(works)
if (!compiler)
  fail('found no C compiler: neither CC, nor cc, gcc or clang on the PATH. Install gcc or clang.')
const target = process.argv[2] ?? TARGET
mkdirSync(path.dirname(target), { recursive: true })
const { status } = spawnSync(compiler, [...OPTIONS, SOURCE, '-o', target], {
  stdio: ['ignore', 'inherit', 'inherit'],
})
process.exit(status ?? 1)
