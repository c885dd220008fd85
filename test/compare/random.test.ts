import { describe, expect, it } from 'vitest'
import { permutation, randomBelow, xoshiro128 } from '#atlas/compute/compare/random.js'

describe('xoshiro128', () => {
  it('gives the sequence worked out by hand from the state 1, 2, 3, 4', () => {
    const next = xoshiro128(Uint32Array.of(1, 2, 3, 4))
    // 2 * 5 rotated by 7, times 9; then states (7, 0, 1026, 12288), (12295, 1029, 1029, 25165824)
    expect([next(), next(), next()]).toEqual([11520, 0, 5927040])
  })
})

describe('permutation', () => {
  it('repeats itself for one seed and differs for another', () => {
    const of = (seed: number): string => permutation(50, randomBelow(seed)).join()
    expect(of(3)).toBe(of(3))
    expect(of(4)).not.toBe(of(3))
    expect(
      of(0)
        .split(',')
        .map(Number)
        .sort((x, y) => x - y),
    ).toEqual(Array.from({ length: 50 }, (_, i) => i))
  })

  it('gives each of the 24 orders of four things about as often', () => {
    const below = randomBelow(11)
    const seen = new Map<string, number>()
    for (let i = 0; i < 24_000; i++) {
      const order = permutation(4, below).join()
      seen.set(order, (seen.get(order) ?? 0) + 1)
    }
    expect(seen.size).toBe(24)
    // 1,000 expected, standard deviation 31.
    for (const count of seen.values()) expect(Math.abs(count - 1000)).toBeLessThan(125)
  })
})
