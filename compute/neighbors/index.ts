/** Exact Hamming search over packed codes. */
export { nearestCodes } from './nearest.ts'
export type { NearestInput, NearestOptions } from './nearest.ts'
export { codesWithin } from './within.ts'
export type { WithinInput, WithinPart } from './within.ts'
export type { NearestResult } from '../kernels/index.ts'
