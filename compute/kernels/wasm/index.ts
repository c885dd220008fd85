import { availableParallelism } from 'node:os'
import type { Kernels } from '../contract.ts'
import { markDifferences, popcounts } from './bits.ts'
import { countBits, countFlips } from './countBits.ts'
import { countCommon } from './countCommon.ts'
import { countDistances } from './countDistances.ts'
import { HashGroupTable } from './groupTable.ts'
import { hash128 } from './murmur3.ts'
import { nearest } from './nearest.ts'
import { pack } from './pack.ts'
import { jaccardTree, PrimTree } from './spanningTree.ts'
import { sumPairs } from './sumPairs.ts'
import { within } from './within.ts'

/** The backend that runs everywhere: WebAssembly, and plain TypeScript where memory is the limit anyway. */
export const wasmKernels: Kernels = {
  name: 'wasm',
  taskWork: 2e8,
  taskQueries: 512,
  threads: availableParallelism(),
  pack,
  hash128,
  groupTable: (stride, seed) => new HashGroupTable(stride, seed),
  nearest,
  within,
  countDistances,
  sumPairs,
  spanningTree: (rows, core) => new PrimTree(rows, core),
  jaccardTree,
  countBits,
  countFlips,
  countCommon,
  markDifferences,
  popcounts,
}
