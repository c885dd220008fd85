/** The tasks of a search, as worker threads find them by name. */
import { kernels, type NearestTask, type WithinTask } from '../kernels/index.ts'
import { threadTask } from '../workerPool.ts'

export const nearest = threadTask((task: NearestTask) => kernels().nearest(task))

export const within = threadTask((task: WithinTask) => kernels().within(task))
