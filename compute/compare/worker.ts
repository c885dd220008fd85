/** The tasks of a comparison, as worker threads find them by name. */
import { kernels, type DistanceCountTask, type PairTask } from '../kernels/index.ts'
import { threadTask } from '../workerPool.ts'
import { firingByChance, type Firing } from './firing.ts'
import * as change from './codeChange.ts'
import * as group from './groupSide.ts'
import * as units from './matchUnits.ts'
import * as predictions from './predictionDistances.ts'
import * as sites from './siteDistances.ts'
import * as splits from './splitRegions.ts'
import * as segments from './summarizeSegments.ts'
import * as table from './tabulate.ts'

export const codeChange = threadTask(change.codeChange)

export const chances = threadTask((firings: Firing[]) => firings.map(firingByChance))

export const countDistances = threadTask((task: DistanceCountTask) => kernels().countDistances(task))

export const groupSide = threadTask(group.groupSide)

export const matchUnits = threadTask(units.matchUnits)

export const packedDistances = threadTask(sites.packedDistances)

export const predictionDistances = threadTask(predictions.predictionDistances)

export const splitRegions = threadTask(splits.splitRegions)

export const summarizeSegments = threadTask(segments.summarizeSegments)

export const sumPairs = threadTask((task: PairTask) => kernels().sumPairs(task))

export const tabulate = threadTask(table.tabulate)
