import { kernels, type NearestResult, type NearestTask } from '../kernels/index.ts'
import { shareQueries, SMALL_SEARCH, type SearchInput } from './input.ts'
import { runTask } from './pool.ts'

/** A tile takes so many tasks' work at most: about a second, so that progress is reported and an abort soon heard. */
const TILE_TASKS = 3

/** Which codes to search, and how far. */
export interface NearestInput extends SearchInput {
  /** Neighbours wanted a query. */
  k: number
  /** Greatest distance that counts, bits; by default any. */
  maxDistance?: number
}

/** How to run a search. */
export interface NearestOptions {
  /** Called with the finished queries and all queries, from 1 to many times, `done` rising to `total`. */
  onProgress?(done: number, total: number): void
  /** Ends the search: the promise rejects with the signal's reason. */
  signal?: AbortSignal
  /** Worker threads at most; by default as many as the kernels can use. The answer does not depend on it. */
  threads?: number
}

/**
 * The k nearest codes of each query by Hamming distance: exact, by ascending distance and then index. Scans every
 * pair on worker threads; the event loop stays free. Codes of 0 bits have no rows, so there is nothing to find.
 *
 * @returns per query the number found (at most k), their base rows and their distances in bits (queries x k, -1
 *   after the last found)
 */
export async function nearestCodes(
  input: NearestInput,
  options: NearestOptions = {},
): Promise<NearestResult> {
  const { bitCount, k, maxDistance = bitCount } = input
  const { onProgress, signal, threads = kernels().threads } = options
  if (!(threads >= 1)) throw new RangeError(`A search needs a thread at least, not ${threads}`)
  signal?.throwIfAborted()
  const shared = await shareQueries(input)
  const { queries, base } = shared
  const task = { ...shared, from: 0, to: queries.rows, k, maxDistance: Math.min(maxDistance, bitCount) }
  const rowWork = base.rows * base.width
  if (queries.rows * rowWork >= SMALL_SEARCH) {
    return searchInTiles(task, tileQueries(queries.rows, rowWork, threads), threads, onProgress, signal)
  }
  const result = kernels().nearest(task)
  onProgress?.(queries.rows, queries.rows)
  return result
}

/** Queries a tile: few enough for the time limit, for the cache, and for every thread to get several. */
function tileQueries(queries: number, rowWork: number, threads: number): number {
  const { taskWork, taskQueries } = kernels()
  const few = Math.min(taskQueries, Math.floor((TILE_TASKS * taskWork) / rowWork))
  return Math.max(1, Math.min(few, Math.ceil(queries / (4 * threads))))
}

/** Hands tiles to the pool, at most `threads` at a time, and puts their answers together. */
async function searchInTiles(
  task: NearestTask,
  tile: number,
  threads: number,
  onProgress: NearestOptions['onProgress'],
  signal: AbortSignal | undefined,
): Promise<NearestResult> {
  const { to: total, k } = task
  const result = {
    counts: new Int32Array(total),
    indices: new Int32Array(total * k),
    distances: new Int32Array(total * k),
  }
  let next = 0
  let done = 0
  const run = async (): Promise<void> => {
    while (next < total) {
      signal?.throwIfAborted()
      const from = next
      const to = Math.min(total, from + tile)
      next = to
      const part = await runTask('nearest', { ...task, from, to }, signal)
      signal?.throwIfAborted()
      result.counts.set(part.counts, from)
      result.indices.set(part.indices, from * k)
      result.distances.set(part.distances, from * k)
      done += to - from
      onProgress?.(done, total)
    }
  }
  try {
    await Promise.all(Array.from({ length: threads }, run))
  } finally {
    next = total // after a failure the other runners stop as well
  }
  return result
}
