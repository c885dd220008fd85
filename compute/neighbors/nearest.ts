import { availableParallelism } from 'node:os'
import { kernels, shareRows, type NearestResult, type NearestTask } from '../kernels/index.ts'
import { searchPool } from './pool.ts'

/** Pairs x words below which a search takes a few milliseconds and runs on the calling thread. */
const SMALL_SEARCH = 2e6
/** Pairs x words of a tile at most: about a second, so that progress is reported and an abort is soon heard. */
const TILE_WORK = 6e8
const TILE_QUERIES = 512

/** Which codes to search, and how far. */
export interface NearestInput {
  /** Query rows x ceil(bitCount / 8) bytes, zero after the last bit. */
  queries: Uint8Array
  /** Base rows, packed in the same way. */
  base: Uint8Array
  bitCount: number
  /** Neighbours wanted a query. */
  k: number
  /** The queries are the base: row i is no neighbour of itself. */
  self?: boolean
  /** Greatest distance that counts, bits; by default any. */
  maxDistance?: number
}

/** How to run a search. */
export interface NearestOptions {
  /** Called with the finished queries and all queries, from 1 to many times, `done` rising to `total`. */
  onProgress?(done: number, total: number): void
  /** Ends the search: the promise rejects with the signal's reason. */
  signal?: AbortSignal
  /** Worker threads at most; by default as many as there are cores. The answer does not depend on it. */
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
  const { bitCount, k, self = false, maxDistance = bitCount } = input
  const { onProgress, signal, threads = availableParallelism() } = options
  if (!(threads >= 1)) throw new RangeError(`A search needs a thread at least, not ${threads}`)
  signal?.throwIfAborted()
  const share = (codes: Uint8Array) => shareRows(codes, rowCount(codes, bitCount), bitCount)
  const base = await share(input.base)
  const queries = input.queries === input.base ? base : await share(input.queries)
  const task = {
    queries,
    from: 0,
    to: queries.rows,
    base,
    k,
    maxDistance: Math.min(maxDistance, bitCount),
    self,
  }
  const rowWork = base.rows * base.width
  if (queries.rows * rowWork >= SMALL_SEARCH) {
    return searchInTiles(task, tileQueries(queries.rows, rowWork, threads), threads, onProgress, signal)
  }
  const result = kernels().nearest(task)
  onProgress?.(queries.rows, queries.rows)
  return result
}

/** Queries a tile: few enough for the time limit and for every thread to get several, at most 512. */
function tileQueries(queries: number, rowWork: number, threads: number): number {
  return Math.max(
    1,
    Math.min(TILE_QUERIES, Math.floor(TILE_WORK / rowWork), Math.ceil(queries / (4 * threads))),
  )
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
      const part = await searchTile({ ...task, from, to }, signal)
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

/** Runs one tile on the pool. An abort ends its thread at once and rejects with the signal's reason. */
async function searchTile(task: NearestTask, signal: AbortSignal | undefined): Promise<NearestResult> {
  try {
    return await searchPool().run(task, signal ? { signal } : {})
  } catch (error) {
    signal?.throwIfAborted()
    throw error
  }
}

/** Codes of 0 bits count as none: there is nothing to find among them. */
function rowCount(codes: Uint8Array, bitCount: number): number {
  return bitCount === 0 ? 0 : codes.length / Math.ceil(bitCount / 8)
}
