// What is the native backend's own. That its searches fulfil the contract is tested in contract/, beside WebAssembly.
import { Worker } from 'node:worker_threads'
import { describe, expect, test } from 'vitest'
import { choose } from '#atlas/compute/kernels/backend.js'
import { shareRows } from '#atlas/compute/kernels/index.js'
import { wasmKernels } from '#atlas/compute/kernels/wasm/index.js'
import { shared } from './madeRows.ts'
import { hasCompiler, nativeKernels, nativeLibrary } from './nativeLibrary.ts'

if (!hasCompiler) console.warn('SKIPPED: the native kernels are not tested, since there is no C compiler.')

const NOWHERE = '/nowhere/libatlas.so'
const CUDA_MISSING = 'CUDA is not used: the CUDA library is not built (npm run build:cuda).'

describe.each(hasCompiler ? nativeKernels() : [])('the native kernels with $set', ({ kernels }) => {
  test('are those of WebAssembly but for the searches', () => {
    const { nearest, within } = kernels
    expect(kernels).toEqual({ ...wasmKernels, name: 'native', nearest, within })
  })

  test.each([1, 7, 8, 9, 127, 129, 255, 1027])(
    'leave out what fills up the last of %i rows',
    async (rows) => {
      const equal = await shareRows(new Uint8Array(rows * 128).fill(85), rows, 1024)
      const zeros = await shareRows(new Uint8Array(3 * 128), 3, 1024)
      for (const queries of [equal, zeros]) {
        const task = { queries, from: 0, to: Math.min(3, rows), base: equal, maxDistance: 1024, self: false }
        expect(kernels.within(task)).toEqual(wasmKernels.within(task))
        expect(kernels.nearest({ ...task, k: rows + 1 })).toEqual(
          wasmKernels.nearest({ ...task, k: rows + 1 }),
        )
      }
    },
  )

  test.each([
    { rows: 3001, bits: 1024 },
    { rows: 1003, bits: 5000 },
  ])('find what WebAssembly finds among $rows near rows of $bits bits', async ({ rows, bits }) => {
    const base = await shared(rows, bits, 31, 40)
    const task = { queries: base, from: 11, to: 51, base, maxDistance: bits, self: true }
    for (const k of [1, 10, 200]) {
      expect(kernels.nearest({ ...task, k })).toEqual(wasmKernels.nearest({ ...task, k }))
    }
    for (const maxDistance of [-1, 0, 0.5, 9, bits / 2]) {
      const near = { ...task, maxDistance }
      expect(kernels.within(near)).toEqual(wasmKernels.within(near))
      expect(kernels.nearest({ ...near, k: 10 })).toEqual(wasmKernels.nearest({ ...near, k: 10 }))
    }
  })
})

describe('choosing a backend', () => {
  test('takes WebAssembly where nothing is built, and speaks of the native kernels only if asked for', () => {
    const nothing = { cuda: NOWHERE, native: NOWHERE }
    expect(choose('wasm', nothing)).toMatchObject({ name: 'wasm', fallback: null })
    for (const wanted of ['auto', 'cuda']) {
      expect(choose(wanted, nothing)).toMatchObject({ name: 'wasm', fallback: CUDA_MISSING })
    }
    expect(choose('native', nothing)).toMatchObject({
      name: 'wasm',
      fallback: 'The native kernels are not used: the native library is not built (npm run build:native).',
    })
  })

  test('says of a file that is no library why it is not used', () => {
    const chosen = choose('auto', { cuda: NOWHERE, native: 'package.json' })
    expect(chosen.name).toBe('wasm')
    expect(chosen.fallback).toMatch(
      /^CUDA is .*\. The native kernels are not used: the native library cannot be loaded: .*\.$/s,
    )
  })

  test.skipIf(!hasCompiler)('takes the native kernels where they are built and no GPU can be used', () => {
    const built = { cuda: NOWHERE, native: nativeLibrary() }
    const device = expect.stringMatching(/^C with (popcount|AVX2|AVX-512), \d+ threads$/)
    expect(choose('auto', built)).toMatchObject({ name: 'native', device, fallback: CUDA_MISSING })
    expect(choose('native', built)).toMatchObject({ name: 'native', device, fallback: null })
    expect(choose('wasm', built)).toMatchObject({ name: 'wasm', fallback: null })
    expect(choose('cuda', built)).toMatchObject({ name: 'wasm', fallback: CUDA_MISSING })
  })

  test.skipIf(!hasCompiler)('gives several threads at once the native kernels', async () => {
    const rows = await shared(400, 300, 32)
    const task = { queries: rows, from: 0, to: 400, base: rows, k: 9, maxDistance: 300, self: true }
    const source = `
      const { parentPort, workerData } = require('node:worker_threads')
      import('#atlas/compute/kernels/backend.js').then(({ choose }) => {
        const { name, kernels } = choose('native', workerData.libraries)
        for (let i = 0; i < 5; i++) parentPort.postMessage([name, kernels.nearest(workerData.task)])
      })`
    const libraries = { cuda: NOWHERE, native: nativeLibrary() }
    const answers = [1, 2, 3].map(async () => {
      const found: unknown[] = []
      const worker = new Worker(source, { eval: true, workerData: { libraries, task } })
      worker.on('message', (answer) => found.push(answer))
      await new Promise((resolve, reject) => worker.once('exit', resolve).once('error', reject))
      return found
    })
    const expected = ['native', wasmKernels.nearest(task)]
    for (const found of await Promise.all(answers)) expect(found).toEqual(new Array(5).fill(expected))
  })
})
