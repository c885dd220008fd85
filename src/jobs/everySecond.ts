/** What is found is written this often: that much a killed job loses. */
const WRITE_EVERY_MS = 1000

/** Collects what a job finds and writes it about once a second, one write at a time. */
export function everySecond<Item>(write: (items: Item[]) => Promise<void>) {
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
  return {
    /** Adds an item; resolves when the next may come. */
    async add(item: Item): Promise<void> {
      waiting.push(item)
      if (performance.now() - written >= WRITE_EVERY_MS) await flush()
    },
    /** Writes what is left. */
    flush,
  }
}
