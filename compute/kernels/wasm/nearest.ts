import type { NearestResult, NearestTask } from '../contract.ts'
import { TileScan } from './tileScan.ts'

/** Exact k nearest by Hamming distance. See {@link Kernels.nearest}. */
export function nearest(task: NearestTask): NearestResult {
  const { from, to, k } = task
  const result = {
    counts: new Int32Array(to - from),
    indices: new Int32Array((to - from) * k).fill(-1),
    distances: new Int32Array((to - from) * k).fill(-1),
  }
  if (k === 0) return result
  const scan = new TileScan(task, (query) => limitOf(task, result, query))
  scan.run((query, index, distance) => {
    if (distance < limitOf(task, result, query)) insert(result, k, query, index, distance)
  })
  return result
}

/** A candidate must be nearer than this: the worst neighbour so far, or the radius while there are fewer than k. */
function limitOf(
  { k, maxDistance }: NearestTask,
  { counts, distances }: NearestResult,
  query: number,
): number {
  return counts[query] === k ? Math.min(distances[(query + 1) * k - 1], maxDistance + 1) : maxDistance + 1
}

/** Inserts behind equal distances: candidates come by ascending index, so ties end up ordered by index. */
function insert(
  { counts, indices, distances }: NearestResult,
  k: number,
  query: number,
  index: number,
  distance: number,
): void {
  const start = query * k
  let at = start + (counts[query] === k ? k - 1 : counts[query]++)
  for (; at > start && distances[at - 1] > distance; at--) {
    distances[at] = distances[at - 1]
    indices[at] = indices[at - 1]
  }
  distances[at] = distance
  indices[at] = index
}
