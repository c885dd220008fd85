/** Values of the states of a network, rows x elements each; see `AffinePart.run`. */
type States = readonly (Float64Array | undefined)[]

/** Float64 entries of the largest tensor inside a part, over all rows that run at once: 2 MiB stay in a cache. */
const CHUNK_ENTRIES = 2 ** 18

/** But so many rows, as patches are copied row by row, ... */
const CHUNK_ROWS = 16

/** ... as long as they do not take more entries than these: 128 MiB. */
const MAX_CHUNK_ENTRIES = 2 ** 24

/**
 * Applies a part to some rows at a time, so that the patches of a lowered convolution do not outgrow the memory.
 *
 * @param size elements of the result for one row
 * @param entries elements of the largest tensor inside the part for one row
 */
export async function runInChunks(
  run: (states: States, rows: number) => Promise<Float64Array>,
  states: States,
  rows: number,
  size: number,
  entries: number,
): Promise<Float64Array> {
  const wanted = Math.max(CHUNK_ROWS, CHUNK_ENTRIES / entries)
  const chunk = Math.max(1, Math.floor(Math.min(wanted, MAX_CHUNK_ENTRIES / entries)))
  if (rows <= chunk) return run(states, rows)
  const result = new Float64Array(rows * size)
  for (let from = 0; from < rows; from += chunk) {
    const to = Math.min(rows, from + chunk)
    const part = states.map((values) => {
      const width = (values?.length ?? 0) / rows
      return values?.subarray(from * width, to * width)
    })
    result.set(await run(part, to - from), from * size)
  }
  return result
}
