import { clusterTask } from './cluster.ts'
import { compareTask } from './compare.ts'
import { directionsTask } from './directions.ts'
import { embedTask } from './embed.ts'
import { enumerateTask } from './enumerate.ts'
import { facetsTask } from './facets.ts'
import { importDatasetTask } from './importDataset.ts'
import { neighborsTask } from './neighbors.ts'
import { partitionTask } from './partition.ts'
import { walkSegmentsTask } from './segments.ts'
import type { Task } from './task.ts'

/** Every kind of job that a worker takes. */
export const tasks: readonly Task<unknown>[] = [
  importDatasetTask,
  partitionTask,
  neighborsTask,
  compareTask,
  enumerateTask,
  facetsTask,
  walkSegmentsTask,
  clusterTask,
  directionsTask,
  embedTask,
]
