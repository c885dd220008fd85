// Builds the CUDA kernels: node scripts/build-cuda.mjs [--host] [output]
// By default nvcc makes dist/compute/kernels/cuda/libatlas-cuda.so. With --host, g++ makes libatlas-cuda-host.so of
// the same sources, which runs them on the CPU: slow, for tests.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import path from 'node:path'

const SOURCE = 'compute/kernels/cuda'
const TARGET = 'dist/compute/kernels/cuda'
const LEAST_NVCC = 12

const fail = (message) => {
  console.error(`build:cuda: ${message}`)
  process.exit(1)
}

const run = (command, args) => {
  const { error, status } = spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'] })
  if (error) fail(`${command} cannot be run: ${error.message}`)
  if (status !== 0) process.exit(status ?? 1)
}

const versionOf = (command) => {
  const { error, stdout } = spawnSync(command, ['--version'], { encoding: 'utf8' })
  return error ? undefined : stdout
}

function findNvcc() {
  const homes = [process.env.CUDA_HOME, process.env.CUDA_PATH].filter(Boolean)
  const places = homes.map((home) => path.join(home, 'bin/nvcc'))
  const nvcc = [...places, 'nvcc', '/usr/local/cuda/bin/nvcc'].find((place) => versionOf(place) !== undefined)
  if (!nvcc) {
    fail(
      'found no nvcc in CUDA_HOME, on the PATH or in /usr/local/cuda. Install the CUDA toolkit, 12 or later.',
    )
  }
  const release = /release (\d+)\.(\d+)/.exec(versionOf(nvcc))
  if (!release) fail(`${nvcc} --version names no release: ${versionOf(nvcc)}`)
  if (Number(release[1]) < LEAST_NVCC) {
    fail(`${nvcc} is of CUDA ${release[1]}.${release[2]}; the kernels need ${LEAST_NVCC} or later.`)
  }
  return nvcc
}

if (!existsSync(SOURCE)) fail('run it in the root of the project (npm run build:cuda).')
const host = process.argv[2] === '--host'
const target = process.argv[host ? 3 : 2] ?? `${TARGET}/libatlas-cuda${host ? '-host' : ''}.so`
mkdirSync(path.dirname(target), { recursive: true })
if (host) {
  if (versionOf('g++') === undefined) fail('found no g++ on the PATH.')
  run('g++', [`@${SOURCE}/host/g++.options`, '-shared', '-x', 'c++', `${SOURCE}/library.cu`, '-o', target])
} else {
  run(findNvcc(), ['-optf', `${SOURCE}/nvcc.options`, '-shared', `${SOURCE}/library.cu`, '-o', target])
}
