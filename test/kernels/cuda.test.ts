// What is CUDA's own, without a GPU: g++ builds the kernels for the CPU. That they fulfil the contract is tested in
// contract/, beside WebAssembly.
import { spawnSync } from 'node:child_process'
import { Worker } from 'node:worker_threads'
import { beforeAll, describe, expect, test } from 'vitest'
import { openCuda } from '#atlas/compute/kernels/cuda/index.js'
import { shareRows, type Kernels } from '#atlas/compute/kernels/index.js'
import { wasmKernels } from '#atlas/compute/kernels/wasm/index.js'
import { collidingCodes } from '../support/collidingCodes.ts'
import { has } from './built.ts'
import { shared } from './madeRows.ts'
import { cudaLibrary, functionTest, hostLibrary } from './cudaLibrary.ts'

const GXX = has('g++')
if (!GXX) console.warn('SKIPPED: the CUDA kernels are not tested, since there is no g++.')

describe.skipIf(!GXX)('the functions of the CUDA kernels', () => {
  test('are right on the CPU', () => {
    const { status, stdout } = spawnSync(functionTest(), { encoding: 'utf8' })
    expect(stdout).toBe('0 failures\n')
    expect(status).toBe(0)
  })
})

describe.skipIf(!GXX)('the CUDA kernels on the CPU', () => {
  let cuda: Kernels

  beforeAll(() => {
    const opened = openCuda(hostLibrary())
    if ('reason' in opened) throw new Error(opened.reason)
    expect(opened.device).toBe('host shim')
    cuda = opened.kernels
  })

  /** Holds what a function of both backends gives to be the same. */
  function same(work: (kernels: Kernels) => unknown): void {
    expect(work(cuda)).toEqual(work(wasmKernels))
  }

  test('tell the first row with the hash of a different one', () => {
    const [a, b] = collidingCodes().map((code) => new Uint32Array(code.buffer))
    const other = a.map((word) => word + 1)
    for (const order of [
      [a, b],
      [other, b, a, b, a],
      [a, other, a, other],
    ]) {
      same((kernels) => {
        const table = kernels.groupTable(32, 256)
        const rows = Uint32Array.from(order.flatMap((row) => [...row]))
        return table.insert(rows, order.length, new Int32Array(order.length))
      })
    }
    same((kernels) => {
      const table = kernels.groupTable(32, 256)
      return [a, other, b].map((row) => table.insert(row, 1, new Int32Array(1)))
    })
  })

  test('take rows of 64,000 bits, equal rows, and a base in parts', async () => {
    const long = await shared(70, 64_000, 14)
    const equal = await shareRows(new Uint8Array(600 * 9).fill(85), 600, 72)
    const [few, many] = [await shared(10, 200, 15), await shared(9000, 200, 16, 60)]
    const tasks = [
      { queries: long, base: long, self: true, k: 5 },
      { queries: equal, base: equal, self: true, k: 20 },
      { queries: few, base: many, self: false, k: 17 },
      { queries: few, base: many, self: false, k: 1100 },
    ]
    for (const task of tasks) {
      const { rows: to, bitCount } = task.queries
      same((kernels) => kernels.nearest({ ...task, from: 0, to, maxDistance: bitCount }))
      same((kernels) => kernels.within({ ...task, from: 0, to, maxDistance: bitCount / 4 }))
    }
    for (const rows of [long, equal]) {
      const sizes = new Int32Array(rows.rows).fill(3)
      same((kernels) => kernels.countDistances({ rows, sizes, from: 0, to: rows.rows }))
      same((kernels) => kernels.countBits(rows, Int32Array.from(sizes.keys()), Int32Array.of(0, rows.rows)))
    }
  })

  test('upload rows again that had to make room for others', async () => {
    // The shim lets 2 MiB of codes stay.
    const sets = await Promise.all([17, 18, 19, 20].map((seed) => shared(8000, 1000, seed)))
    const picks = Int32Array.of(0, 17, 7999)
    for (const rows of [...sets, ...sets.reverse()]) {
      same((kernels) => kernels.countBits(rows, picks, Int32Array.of(0, picks.length)))
    }
  })

  test('may be called from several threads at once', async () => {
    const rows = await shared(200, 300, 21)
    const task = { queries: rows, from: 0, to: 200, base: rows, k: 9, maxDistance: 300, self: true }
    const source = `
      const { parentPort, workerData } = require('node:worker_threads')
      import('#atlas/compute/kernels/cuda/index.js').then(({ openCuda }) => {
        const { kernels } = openCuda(workerData.library)
        for (let i = 0; i < 5; i++) parentPort.postMessage(kernels.nearest(workerData.task))
      })`
    const expected = wasmKernels.nearest(task)
    const answers = [1, 2, 3].map(async () => {
      const found: unknown[] = []
      const worker = new Worker(source, { eval: true, workerData: { library: hostLibrary(), task } })
      worker.on('message', (answer) => found.push(answer))
      await new Promise((resolve, reject) => worker.once('exit', resolve).once('error', reject))
      return found
    })
    for (const found of await Promise.all(answers)) expect(found).toEqual(new Array(5).fill(expected))
  })

  test('tell of a failure, and go on', async () => {
    const codes = await shared(3, 64, 22)
    const table = cuda.groupTable(2 ** 50, 0)
    expect(() => table.insert(codes.words, 2 ** 20, new Int32Array(1))).toThrow(
      expect.objectContaining({ code: 'CUDA_FAILED', message: expect.stringMatching(/device memory.*\.$/) }),
    )
    same((kernels) => kernels.countCommon(codes, codes))
  })
})

describe('opening CUDA', () => {
  test('without the library says how to build it', () => {
    expect(openCuda('/nowhere/libatlas-cuda.so')).toEqual({
      reason: 'the CUDA library is not built (npm run build:cuda).',
    })
  })

  test('of a file that is no library says so', () => {
    expect(openCuda('package.json')).toEqual({
      reason: expect.stringMatching(/^the CUDA library cannot be loaded: /),
    })
  })

  test.skipIf(!has('nvcc'))('of the library that nvcc built gives a GPU or a reason', () => {
    const opened = openCuda(cudaLibrary())
    if ('reason' in opened) expect(opened.reason).toMatch(/\(CUDA error \d+\)\.$/)
    else expect(opened.device).not.toBe('')
  })
})
