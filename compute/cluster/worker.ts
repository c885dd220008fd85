/** The tasks of a clustering, as worker threads find them by name. */
import { threadTask } from '../workerPool.ts'
import * as described from './describeClusters.ts'
import * as distinguished from './distinguishingBits.ts'
import * as cut from './cutTree.ts'
import * as grown from './growAndCut.ts'
import * as jaccard from './jaccardCores.ts'
import * as points from './pointDistances.ts'

export const describeLabelled = threadTask(described.describeLabelled)

export const distinguish = threadTask(distinguished.distinguish)

export const growAndCut = threadTask(grown.growAndCut)

export const cutTree = threadTask(cut.cutTree)

export const jaccardCores = threadTask(jaccard.jaccardCores)

export const nearestOutside = threadTask(points.nearestOutside)

export const pointCores = threadTask(points.pointCores)
