import type { NearestResult, NearestTask } from './index.ts'
import { RowScanner } from './wasm/rowScanner.ts'

/** Base words that stay in the first-level cache while every query passes over them: 16 KiB. */
const TILE_WORDS = 4096

/** Exact k nearest by Hamming distance. See {@link Kernels.nearest}. */
export function nearest(task: NearestTask): NearestResult {
  const { queryFrom, queryTo, baseRows, width, k } = task
  const queries = queryTo - queryFrom
  const result = {
    counts: new Int32Array(queries),
    indices: new Int32Array(queries * k).fill(-1),
    distances: new Int32Array(queries * k).fill(-1),
  }
  if (k === 0 || width === 0) return result
  const tile = Math.max(16, Math.min(512, Math.floor(TILE_WORDS / width)))
  const scanner = new RowScanner(queries + tile, width)
  scanner.load(0, task.queries.subarray(queryFrom * width, queryTo * width))
  for (let from = 0; from < baseRows; from += tile) {
    const rows = Math.min(tile, baseRows - from)
    scanner.load(queries, task.base.subarray(from * width, (from + rows) * width))
    for (let query = 0; query < queries; query++) {
      const kept = scanner.nearer(query, queries, rows, limitOf(task, result, query))
      const itself = task.self ? queryFrom + query : -1
      for (let i = 0; i < kept; i++) {
        const index = from + scanner.kept[2 * i]
        const distance = scanner.kept[2 * i + 1]
        if (index !== itself && distance < limitOf(task, result, query))
          insert(result, k, query, index, distance)
      }
    }
  }
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
