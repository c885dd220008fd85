/** The most ticks that an axis gets. */
const MOST_TICKS = 7
const STEPS = [1, 2, 2.5, 5, 10]

/** Round numbers from at or below the least value to at or above the greatest. */
export function ticksOf(least: number, greatest: number): number[] {
  const span = greatest > least ? greatest - least : Math.abs(greatest) || 1
  const power = 10 ** Math.floor(Math.log10(span / MOST_TICKS))
  const step = power * (STEPS.find((step) => span / (power * step) <= MOST_TICKS - 1) ?? 10)
  const first = Math.floor(least / step)
  const last = Math.max(first + 1, Math.ceil(greatest / step))
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(10)))
}

/** A function that takes `from` to `a` and `to` to `b`, straight in between. */
export function straight(from: number, to: number, a: number, b: number): (value: number) => number {
  return (value) => a + ((value - from) / (to - from)) * (b - a)
}

/**
 * A function that takes each place to its turn, evenly from `a` to `b`, straight in between: for steps of a training,
 * which grow about tenfold each.
 *
 * @param places ascending, at least one
 */
export function evenly(places: readonly number[], a: number, b: number): (value: number) => number {
  const at = (index: number) => a + (index / Math.max(1, places.length - 1)) * (b - a)
  return (value) => {
    const next = places.findIndex((place) => place >= value)
    if (next < 0) return b
    if (next === 0 || places[next] === value) return at(next)
    return straight(places[next - 1], places[next], at(next - 1), at(next))(value)
  }
}
