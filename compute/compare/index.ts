/** Metrics between two partitions of the same sites; choice and statistics of pairs of inputs. */
export type { Estimate } from './bootstrap.ts'
export { choosePairs, pairsOf } from './choosePairs.ts'
export type { ChosenPairs, PairStratum } from './choosePairs.ts'
export { comparePartitions } from './comparePartitions.ts'
export { runTask as runComparison } from './pool.ts'
export { permutation, randomBelow } from './random.ts'
export type { SegmentColumns, SegmentRun, SegmentSummary } from './summarizeSegments.ts'
export type * from './types.ts'
