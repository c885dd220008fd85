/** Metrics between two partitions of the same sites. */
export { comparePartitions } from './comparePartitions.ts'
export type * from './types.ts'
