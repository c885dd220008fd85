/** Bytes of region codes that one step of a computation on the spot holds, unless one partition has more. */
const WAVE_BYTES = 256 << 20

/** Cuts a list in runs of at most 256 MiB together; an item that is larger is a run of its own. */
export function wavesOf<Item>(items: readonly Item[], bytesOf: (item: Item) => number): Item[][] {
  const waves: Item[][] = []
  let room = 0
  for (const item of items) {
    const bytes = bytesOf(item)
    if (waves.length === 0 || bytes > room) {
      waves.push([])
      room = WAVE_BYTES
    }
    waves[waves.length - 1].push(item)
    room -= bytes
  }
  return waves
}
