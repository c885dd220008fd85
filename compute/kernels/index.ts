/** The hot loops: the contract, its backends, and the layout of what they take. */
export { backend, kernels } from './backend.ts'
export type { Backend } from './backend.ts'
export { BLOCK_WORDS, shareRows, zeroRows } from './codeRows.ts'
export type { CodeRows } from './codeRows.ts'
export { MAX_OVERLAP } from './contract.ts'
export type {
  DistanceCountTask,
  GroupTable,
  Kernels,
  NearestResult,
  NearestTask,
  PairCells,
  PairSums,
  PairTask,
  SpanningTree,
  TreeEdges,
  WithinResult,
  WithinTask,
} from './contract.ts'
export { copyBits } from './copyBits.ts'
export { widenHalf } from './wasm/half.ts'
export { packPlanes } from './wasm/planes.ts'
export { packWindows } from './wasm/windows.ts'
export { workspace } from './wasm/workspace.ts'
export { narrowRows, rowWords, widenRows } from './words.ts'
