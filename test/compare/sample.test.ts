import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { randomBelow } from '#atlas/compute/compare/random.js'
import { sampleBelow, shareEvenly } from '#atlas/compute/compare/sample.js'

describe('a sample', () => {
  it('has as many distinct numbers below the bound as asked for, ascending', () => {
    fc.assert(
      fc.property(fc.nat({ max: 60 }), fc.nat({ max: 60 }), fc.nat(), (a, b, seed) => {
        const [count, bound] = [Math.min(a, b), Math.max(a, b)]
        const sample = [...sampleBelow(count, bound, randomBelow(seed))]
        expect(new Set(sample).size).toBe(count)
        expect(sample).toEqual([...sample].sort((x, y) => x - y))
        expect(sample.every((value) => Number.isInteger(value) && value >= 0 && value < bound)).toBe(true)
      }),
    )
  })

  it('is each set about as often', () => {
    const below = randomBelow(5)
    const seen = new Map<string, number>()
    for (let i = 0; i < 20_000; i++) {
      const set = sampleBelow(3, 6, below).join()
      seen.set(set, (seen.get(set) ?? 0) + 1)
    }
    expect(seen.size).toBe(20)
    // 1,000 expected, standard deviation 31.
    for (const count of seen.values()) expect(Math.abs(count - 1000)).toBeLessThan(125)
  })

  it('reaches numbers that no one draw of 32 bits gives, evenly', () => {
    const bound = 3 * 2 ** 32
    const sample = sampleBelow(30_000, bound, randomBelow(9))
    const thirds = [0, 1, 2].map((third) => sample.filter((value) => Math.floor(value / 2 ** 32) === third))
    // 10,000 expected, standard deviation 82.
    for (const { length } of thirds) expect(Math.abs(length - 10_000)).toBeLessThan(330)
  })
})

/** One after the other gets one more, whoever has least of those with room. */
function dealt(total: number, capacities: readonly number[]): number[] {
  const shares = capacities.map(() => 0)
  for (let left = total; left > 0; left--) {
    const open = shares.flatMap((share, i) => (share < capacities[i] ? [i] : []))
    if (open.length === 0) break
    shares[open.reduce((best, i) => (shares[i] < shares[best] ? i : best))]++
  }
  return shares
}

describe('even shares', () => {
  it('are those that dealing one by one gives, but for who has the one more', () => {
    const capacities = fc.array(fc.nat({ max: 12 }), { maxLength: 9 })
    fc.assert(
      fc.property(fc.nat({ max: 70 }), capacities, fc.nat(), (total, room, seed) => {
        const shares = [...shareEvenly(total, room, randomBelow(seed))]
        expect(shares.every((share, i) => share <= room[i])).toBe(true)
        const ascending = (values: number[]) => [...values].sort((x, y) => x - y)
        expect(ascending(shares)).toEqual(ascending(dealt(total, room)))
      }),
    )
  })

  it('draw who gets the one more', () => {
    const below = randomBelow(2)
    const extra = [0, 0, 0]
    for (let i = 0; i < 3000; i++)
      shareEvenly(4, [9, 9, 9], below).forEach((share, j) => (extra[j] += share - 1))
    // 1,000 expected, standard deviation 26.
    for (const count of extra) expect(Math.abs(count - 1000)).toBeLessThan(110)
  })
})
