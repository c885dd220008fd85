/**
 * Does some work on each item, on so many at a time. After a failure no further item begins; it is thrown when what had
 * begun has ended.
 */
export async function inLanes<Item>(
  items: readonly Item[],
  lanes: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  let next = 0
  const lane = async () => {
    while (next < items.length) {
      try {
        await work(items[next++])
      } catch (error) {
        next = items.length
        throw error
      }
    }
  }
  const running = Array.from({ length: lanes }, lane)
  await Promise.allSettled(running)
  await Promise.all(running)
}
