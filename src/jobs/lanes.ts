/**
 * Works on items, some at a time, in their order. The first failure, or an abort, keeps others from being begun, aborts
 * those at work, and is thrown when these have ended.
 */
export async function inLanes<Item>(
  items: readonly Item[],
  laneCount: number,
  signal: AbortSignal,
  work: (item: Item, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const failed = new AbortController()
  const either = AbortSignal.any([signal, failed.signal])
  let next = 0
  const lane = async () => {
    try {
      while (next < items.length) {
        either.throwIfAborted()
        await work(items[next++], either)
      }
    } catch (error) {
      failed.abort(error)
      throw error
    }
  }
  const lanes = Array.from({ length: Math.min(laneCount, items.length) }, lane)
  await Promise.all(lanes).finally(() => Promise.allSettled(lanes))
}
