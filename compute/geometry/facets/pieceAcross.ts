import type { Windows } from '../../gates/pieces.ts'

/** A guard on a face, as a function of the region, and how it goes on across. */
export interface OnFace {
  /** Euclidean length of its coefficients in the region. */
  length: number
  /** At the face's point. */
  value: number
  /** How far that may be off by rounding. */
  rounds: number
  /** Growth along the face's normal, across. */
  slope: number
}

/**
 * The bit of a guard across a face on which it is zero. One that is constant across has there the value that it has on
 * the face; one that was zero before as well stays what rounding made of it.
 *
 * @param bit in the region
 * @param zero coefficients and slopes up to this are zero to rounding
 * @param rounding values up to this are
 */
export function stepAcross(
  { length, value, slope }: OnFace,
  bit: number,
  zero: number,
  rounding: number,
): number {
  if (Math.abs(slope) > zero) return Number(slope > 0)
  return length > zero ? Number(value > rounding) : bit
}

/**
 * The winner of a window across a face: of the entries that are greatest on it, the one that grows most, the first of
 * equals.
 *
 * @param guard the entry at a place of the pre-activation
 */
export function leaderAcross(
  { entries, window }: Windows,
  index: number,
  guard: (place: number) => OnFace,
  zero: number,
): number {
  let most = -Infinity
  for (const place of entries.subarray(index * window, (index + 1) * window))
    if (place >= 0) most = Math.max(most, guard(place).value)
  let leader = -1
  let growth = 0
  for (let entry = 0; entry < window; entry++) {
    const place = entries[index * window + entry]
    if (place < 0) continue
    const { value, rounds, slope } = guard(place)
    if (value < most - 2 * rounds || (leader >= 0 && slope <= growth + zero)) continue
    leader = entry
    growth = slope
  }
  return leader
}
