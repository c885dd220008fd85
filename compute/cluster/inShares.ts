import { availableParallelism } from 'node:os'

/** Points of a share at most: a task that is stopped ends within seconds. */
const MAX_SHARE = 2048

/**
 * Works on shares of some points, one a core at a time, in order.
 * @param take gets the answer of each share
 */
export async function inShares<Answer>(
  picks: Int32Array,
  work: (share: Int32Array) => Promise<Answer>,
  take: (share: Int32Array, answer: Answer) => void,
): Promise<void> {
  const lanes = availableParallelism()
  const size = Math.max(1, Math.min(MAX_SHARE, Math.ceil(picks.length / lanes)))
  let next = 0
  const run = async () => {
    while (next < picks.length) {
      const share = picks.slice(next, (next += size))
      take(share, await work(share))
    }
  }
  try {
    await Promise.all(Array.from({ length: lanes }, run))
  } finally {
    next = picks.length // after a failure the other lanes stop as well
  }
}
