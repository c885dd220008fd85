/** The tasks of this folder, as worker threads find them by name. */
import { threadTask } from '../workerPool.ts'
import * as beside from './besideSets.ts'
import * as measured from './measureDirections.ts'

export const besideSets = threadTask(beside.besideSets)

export const measureDirections = threadTask(measured.measureDirections)
