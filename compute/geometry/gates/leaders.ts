import type { Change } from './gate.ts'

/** What stands for padding among a window's entries: it never wins. Unlike -Infinity it has differences. */
export const PADDING = -Number.MAX_VALUE

/** The place of the greatest entry, the first of equals; of two rows, the one that leads between them. */
export function winnerOf(values: Float64Array, others?: Float64Array): number {
  let winner = 0
  let most = -Infinity
  for (let i = 0; i < values.length; i++) {
    const value = others === undefined ? values[i] : values[i] + others[i]
    if (value > most) {
      winner = i
      most = value
    }
  }
  return winner
}

/**
 * Follows the leader of a window from one row to another, between which its entries are affine, and notes each
 * overtaking. One that rounds to a row makes the two equal there instead.
 *
 * @param put sets an entry's value in the first row or the second
 */
export function leadersBetween(
  from: Float64Array,
  to: Float64Array,
  element: number,
  changes: Change[],
  put: (atFirst: boolean, entry: number, value: number) => void,
): void {
  let leader = 0
  for (let i = 1; i < from.length; i++) {
    if (from[i] > from[leader] || (from[i] === from[leader] && to[i] > to[leader])) leader = i
  }
  for (let at = 0; ;) {
    const { overtaker, place } = nextOvertaking(from, to, leader, at)
    if (overtaker < 0) return
    if (place >= 1) {
      put(false, leader, to[winnerOf(to)])
      return
    }
    if (place <= 0) put(true, overtaker, (from[overtaker] = from[leader]))
    else changes.push({ element, fraction: place, before: leader, after: overtaker })
    leader = overtaker
    at = place
  }
}

/** Who passes the leader first after a place; of several, who leads after them. */
function nextOvertaking(from: Float64Array, to: Float64Array, leader: number, at: number) {
  let overtaker = -1
  let place = Infinity
  for (let i = 0; i < from.length; i++) {
    // The lead over i falls from a to b, and is 0 at a / (a - b).
    const b = to[leader] - to[i]
    if (!(b < 0)) continue
    const a = from[leader] - from[i]
    const own = Math.max(at, a / (a - b))
    if (own < place || (own === place && to[i] > to[overtaker])) {
      overtaker = i
      place = own
    }
  }
  return { overtaker, place }
}
