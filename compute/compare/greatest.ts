/** An index and its value. */
export interface Ranked {
  index: number
  value: number
}

/**
 * The indices of the greatest values, ties by index: the first `most` of those that are wanted. One pass, and memory for
 * twice as many as are answered.
 */
export function greatest(
  values: ArrayLike<number>,
  most: number,
  wanted: (value: number, index: number) => boolean,
): Ranked[] {
  const best: Ranked[] = []
  let floor = -Infinity
  const cut = () => {
    best.sort((x, y) => y.value - x.value || x.index - y.index)
    best.length = Math.min(best.length, most)
    if (best.length === most && most > 0) floor = best[most - 1].value
  }
  for (let index = 0; index < values.length; index++) {
    const value = values[index]
    // A later index with the value of the last one comes after it.
    if (value <= floor || !wanted(value, index)) continue
    best.push({ index, value })
    if (best.length >= 2 * most) cut()
  }
  cut()
  return best
}
