/** What is found is written this often: that much a killed job loses. */
const WRITE_EVERY_MS = 1000

/**
 * Collects what a job finds and writes it about once a second, one write at a time. However the search ends, a cancelled
 * one too, what it found is written before this settles; after a failed write, nothing more.
 *
 * @param search calls add with each thing found; add resolves when the next may come
 */
export async function everySecond<Item>(
  write: (items: Item[]) => Promise<void>,
  search: (add: (item: Item) => Promise<void>) => Promise<void>,
): Promise<void> {
  let waiting: Item[] = []
  let written = performance.now()
  let writing = Promise.resolve()
  const writeAll = async () => {
    if (waiting.length === 0) return
    const items = waiting
    waiting = []
    await write(items)
    written = performance.now()
  }
  const flush = () => (writing = writing.then(writeAll))
  try {
    await search(async (item) => {
      waiting.push(item)
      if (performance.now() - written >= WRITE_EVERY_MS) await flush()
    })
  } finally {
    await flush()
  }
}
