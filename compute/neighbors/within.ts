import { kernels, type WithinResult } from '../kernels/index.ts'
import { shareQueries, SMALL_SEARCH, type SearchInput } from './input.ts'
import { runTask } from './pool.ts'

/** Pairs of a task at most: should all be near, their indices and distances take 32 MiB. */
const TASK_PAIRS = 1 << 22

/** Which codes to search, and how far. */
export interface WithinInput extends SearchInput {
  /** Greatest distance that counts, bits. */
  maxDistance: number
}

/** All neighbours of the queries `from` … `to - 1`; entries of {@link WithinResult} counted from `from`. */
export interface WithinPart extends WithinResult {
  from: number
  to: number
}

/**
 * All codes within a Hamming distance of each query, exact, by ascending index. They come in parts of some queries,
 * in order, since there may be as many as pairs: memory stays bounded when the caller keeps no part. Runs on worker
 * threads.
 *
 * @param signal ends the search: the iteration rejects with its reason
 */
export async function* codesWithin(
  input: WithinInput,
  signal?: AbortSignal,
): AsyncGenerator<WithinPart, void, undefined> {
  signal?.throwIfAborted()
  const { queries, base, self } = await shareQueries(input)
  const task = { queries, base, self, maxDistance: Math.min(input.maxDistance, input.bitCount) }
  const step = Math.max(1, Math.floor(TASK_PAIRS / Math.max(1, base.rows)))
  const small = queries.rows * base.rows * base.width < SMALL_SEARCH
  const { threads } = kernels()
  for (let next = 0; next < queries.rows;) {
    const parts: Promise<WithinPart>[] = []
    for (; parts.length < threads && next < queries.rows; next += step) {
      const range = { from: next, to: Math.min(queries.rows, next + step) }
      const found = small
        ? kernels().within({ ...task, ...range })
        : runTask('within', { ...task, ...range }, signal)
      parts.push(Promise.resolve(found).then((result) => ({ ...result, ...range })))
    }
    yield* await Promise.all(parts)
  }
}
