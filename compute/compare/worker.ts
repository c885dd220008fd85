/** The tasks of a comparison, as worker threads find them by name. */
import { kernels, type DistanceCountTask, type PairSums, type PairTask } from '../kernels/index.ts'

export { matchUnits } from './matchUnits.ts'
export { tabulate } from './tabulate.ts'

export const countDistances = (task: DistanceCountTask): Float64Array => kernels().countDistances(task)

export const sumPairs = (task: PairTask): PairSums => kernels().sumPairs(task)
