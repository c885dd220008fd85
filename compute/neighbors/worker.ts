import type { NearestResult, NearestTask } from '../kernels/index.ts'
import { kernels } from '../kernels/index.ts'

/** Runs one tile of a search on a worker thread. */
export function searchTile(task: NearestTask): NearestResult {
  return kernels().nearest(task)
}
