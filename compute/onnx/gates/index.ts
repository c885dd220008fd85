/** What the gates of a file do, read from their nodes. */
export { globalMaxPool, maxPool } from './maxPool.ts'
export { refusedGate, type PiecesOf, type ReadGate } from './read.ts'
export {
  abs,
  clip,
  hardSigmoid,
  hardSwish,
  leakyRelu,
  pRelu,
  relu,
  smooth,
  thresholdedRelu,
} from './steps.ts'
