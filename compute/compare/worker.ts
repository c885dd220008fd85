/** The tasks of a comparison, as worker threads find them by name. */
import { kernels, type DistanceCountTask, type PairTask } from '../kernels/index.ts'
import { threadTask } from '../workerPool.ts'
import * as units from './matchUnits.ts'
import * as segments from './summarizeSegments.ts'
import * as table from './tabulate.ts'

export const countDistances = threadTask((task: DistanceCountTask) => kernels().countDistances(task))

export const matchUnits = threadTask(units.matchUnits)

export const summarizeSegments = threadTask(segments.summarizeSegments)

export const sumPairs = threadTask((task: PairTask) => kernels().sumPairs(task))

export const tabulate = threadTask(table.tabulate)
