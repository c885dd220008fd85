import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { expectedXLogX } from '#atlas/compute/compare/hypergeometric.js'

/** Binomial coefficient, exact. */
function choose(n: number, k: number): bigint {
  let result = 1n
  for (let i = 1; i <= k; i++) result = (result * BigInt(n - k + i)) / BigInt(i)
  return k < 0 || k > n ? 0n : result
}

/** a / b to about 30 digits before the last rounding. */
function quotient(a: bigint, b: bigint): number {
  return Number((a * 10n ** 40n) / b) / 1e40
}

describe('expectedXLogX', () => {
  it('is the mean under exact probabilities', () => {
    const sizes = fc
      .integer({ min: 2, max: 400 })
      .chain((n) => fc.tuple(fc.constant(n), fc.integer({ min: 1, max: n }), fc.integer({ min: 1, max: n })))
    fc.assert(
      fc.property(sizes, ([n, a, b]) => {
        let exact = 0
        for (let x = 2; x <= Math.min(a, b); x++) {
          exact += quotient(choose(a, x) * choose(n - a, b - x), choose(n, b)) * x * Math.log(x)
        }
        const value = expectedXLogX(n, a, b)
        expect(exact === 0 ? value : value / exact).toBeCloseTo(exact === 0 ? 0 : 1, 12)
      }),
    )
  })

  it('keeps its digits for pairs of sites among very many', () => {
    // Only X = 2 counts: 2 ln 2 / choose(n, 2).
    const n = 10_000_000
    expect(expectedXLogX(n, 2, 2) / ((4 * Math.LN2) / (n * (n - 1)))).toBeCloseTo(1, 14)
  })

  it('is certain where the sets fill everything', () => {
    expect(expectedXLogX(9, 9, 5)).toBeCloseTo(5 * Math.log(5), 14)
    expect(expectedXLogX(9, 1, 5)).toBe(0)
  })
})
