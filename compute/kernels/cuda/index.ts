import type { Kernels } from '../contract.ts'
import { wasmKernels } from '../wasm/index.ts'
import { countBits, countCommon, countFlips } from './bits.ts'
import { CudaGroupTable } from './groupTable.ts'
import { LIBRARY, loadLibrary, type CudaLibrary } from './library.ts'
import { countDistances, sumPairs } from './pairs.ts'
import { nearest, within } from './searches.ts'
import { CudaTree } from './spanningTree.ts'

/**
 * Opens the CUDA backend, or says why it cannot be used here. Its functions throw AtlasError CUDA_FAILED where a call
 * of CUDA fails.
 *
 * @param path the library; by default that of `npm run build:cuda`
 */
export function openCuda(path = LIBRARY): { kernels: Kernels; device: string } | { reason: string } {
  const loaded = loadLibrary(path)
  if ('reason' in loaded) return loaded
  return { kernels: cudaKernels(loaded.library), device: loaded.library.device }
}

function cudaKernels(library: CudaLibrary): Kernels {
  return {
    name: 'cuda',
    taskWork: 2e11,
    // Small tasks waste a GPU: some hundred tiles of queries, several for each of its multiprocessors.
    taskQueries: 32_768,
    // While one task's answer is handed on, the next is on the GPU.
    threads: 2,
    pack: (pre, sites, units, threshold, codes, margins) => {
      const sum = new Float64Array(1)
      library.call('pack', pre, sites, units, threshold, codes, margins, sum)
      return sum[0]
    },
    hash128: (words, stride, rows, seed) => {
      const hashes = new Uint32Array(rows * 4)
      library.call('hash128', words, stride, rows, seed, hashes)
      return hashes
    },
    groupTable: (stride, seed) => new CudaGroupTable(library, stride, seed),
    nearest: (task) => nearest(library, task),
    within: (task) => within(library, task),
    countDistances: (task) => countDistances(library, task),
    sumPairs: (task) => sumPairs(library, task),
    spanningTree: (rows, core) => new CudaTree(library, rows, core),
    jaccardTree: (rows, core) => wasmKernels.jaccardTree(rows, core),
    countBits: (rows, picks, starts) => countBits(library, rows, picks, starts),
    countFlips: (a, picksA, b, picksB) => countFlips(library, a, picksA, b, picksB),
    countCommon: (a, b) => countCommon(library, a, b),
    markDifferences: (words, rows, reference, differing) => {
      library.call('mark_differences', words, reference.length, rows, reference, differing)
    },
    popcounts: (words, width, rows) => {
      const counts = new Uint32Array(rows)
      library.call('popcounts', words, width, rows, counts)
      return counts
    },
  }
}
