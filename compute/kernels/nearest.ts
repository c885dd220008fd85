import { addDistances, BLOCK_WORDS } from './hammingBlock.ts'
import type { NearestResult, NearestTask } from './index.ts'

/** Base words that stay in the first-level cache while every query passes over them: 32 KiB. */
const TILE_WORDS = 8192

/** Exact k nearest by Hamming distance. See {@link Kernels.nearest}. */
export function nearest(task: NearestTask): NearestResult {
  const { queryFrom, queryTo, baseRows, width, k } = task
  const queries = queryTo - queryFrom
  const result = {
    counts: new Int32Array(queries),
    indices: new Int32Array(queries * k).fill(-1),
    distances: new Int32Array(queries * k).fill(-1),
  }
  if (k === 0) return result
  const tile = Math.max(16, Math.min(512, Math.floor(TILE_WORDS / Math.max(1, width))))
  const identity = Int32Array.from({ length: tile }, (_, i) => i)
  const candidates = new Int32Array(tile)
  const distances = new Int32Array(tile)
  for (let from = 0; from < baseRows; from += tile) {
    const count = Math.min(tile, baseRows - from)
    for (let query = 0; query < queries; query++) {
      candidates.set(identity)
      distances.fill(0)
      const kept = scan(
        task,
        queryFrom + query,
        from,
        count,
        candidates,
        distances,
        limitOf(task, result, query),
      )
      for (let i = 0; i < kept; i++) {
        const index = from + candidates[i]
        if (task.self && index === queryFrom + query) continue
        if (distances[i] < limitOf(task, result, query)) insert(result, k, query, index, distances[i])
      }
    }
  }
  return result
}

/** Narrows `count` candidates from `from` on to those nearer than `limit`, block by block (early abandon). */
function scan(
  { queries, base, width }: NearestTask,
  query: number,
  from: number,
  count: number,
  candidates: Int32Array,
  distances: Int32Array,
  limit: number,
): number {
  let kept = count
  for (let word = 0; word < width && kept > 0; word += BLOCK_WORDS) {
    const at = query * width + word
    const start = from * width + word
    kept = addDistances(queries, at, base, start, width, candidates, distances, kept, limit)
  }
  return kept
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
