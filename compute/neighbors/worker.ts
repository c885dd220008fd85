/** The tasks of a search, as worker threads find them by name. */
import {
  kernels,
  type NearestResult,
  type NearestTask,
  type WithinResult,
  type WithinTask,
} from '../kernels/index.ts'

export const nearest = (task: NearestTask): NearestResult => kernels().nearest(task)

export const within = (task: WithinTask): WithinResult => kernels().within(task)
