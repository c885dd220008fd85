/** The tasks of a clustering, as worker threads find them by name. */
import { threadTask } from '../workerPool.ts'
import * as described from './describeClusters.ts'
import * as distinguished from './distinguishingBits.ts'
import * as cut from './growAndCut.ts'
import * as jaccard from './jaccardCores.ts'

export const describeLabelled = threadTask(described.describeLabelled)

export const distinguish = threadTask(distinguished.distinguish)

export const growAndCut = threadTask(cut.growAndCut)

export const jaccardCores = threadTask(jaccard.jaccardCores)
