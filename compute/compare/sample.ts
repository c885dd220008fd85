import { randomBelow } from './random.ts'

/**
 * Some distinct whole numbers below a bound, each set of them equally likely, by as many draws as numbers (Robert
 * Floyd; in Bentley, "Programming pearls: a sample of brilliance", 1987).
 *
 * @param count at most `bound`
 * @param bound up to 2^53
 * @param below see {@link randomBelow}
 * @returns ascending
 */
export function sampleBelow(count: number, bound: number, below: (bound: number) => number): Float64Array {
  if (count === bound) return Float64Array.from({ length: count }, (_, i) => i)
  const chosen = new Set<number>()
  for (let last = bound - count; last < bound; last++) {
    const drawn = drawBelow(last + 1, below)
    chosen.add(chosen.has(drawn) ? last : drawn)
  }
  return Float64Array.from(chosen).sort()
}

/** Some distinct indices below a bound, ascending: equal seeds draw equal ones. */
export function drawIndices(count: number, bound: number, seed: number): Int32Array {
  return Int32Array.from(sampleBelow(count, bound, randomBelow(seed)))
}

/**
 * Shares a number out as evenly as capacities allow: nobody gets more than one above another who has room left, and
 * whoever gets the one more is drawn.
 *
 * @param total what is not taken up by all capacities together is left over
 * @returns one share a capacity
 */
export function shareEvenly(
  total: number,
  capacities: ArrayLike<number>,
  below: (bound: number) => number,
): Float64Array {
  const { level, rest } = levelOf(total, capacities)
  const shares = Float64Array.from(capacities, (capacity) => Math.min(capacity, level))
  const open = Array.from(shares.keys()).filter((i) => shares[i] < capacities[i])
  for (const i of sampleBelow(rest, open.length, below)) shares[open[i]]++
  return shares
}

/** What everybody with room for it gets, and how many can get one more. */
function levelOf(total: number, capacities: ArrayLike<number>): { level: number; rest: number } {
  const ascending = Float64Array.from(capacities).sort()
  let left = total
  for (let i = 0; i < ascending.length; i++) {
    const sharers = ascending.length - i
    const level = Math.floor(left / sharers)
    if (ascending[i] > level) return { level, rest: left - level * sharers }
    left -= ascending[i]
  }
  return { level: ascending.at(-1) ?? 0, rest: 0 }
}

/** A whole number below a bound up to 2^53: two draws where one has too few bits. */
function drawBelow(bound: number, below: (bound: number) => number): number {
  const word = 2 ** 32
  if (bound <= word) return below(bound)
  for (;;) {
    const value = below(Math.ceil(bound / word)) * word + below(word)
    if (value < bound) return value
  }
}
