import fc from 'fast-check'
import { expect, it } from 'vitest'
import { A, B, pullAt, pushAt } from '#atlas/compute/embed/forces.js'

/** Squared error of a curve to the one wanted, as umap-learn fits it: min_dist 0.1, spread 1. */
function errorOf(a: number, b: number): number {
  const distances = Array.from({ length: 300 }, (_, i) => (3 * i) / 299)
  return distances.reduce((sum, d) => {
    const wanted = d < 0.1 ? 1 : Math.exp(0.1 - d)
    return sum + (1 / (1 + a * d ** (2 * b)) - wanted) ** 2
  }, 0)
}

it('has the curve with the least squared error, that of umap-learn', () => {
  expect(A).toBeCloseTo(1.577, 3)
  expect(B).toBeCloseTo(0.895, 3)
  const least = errorOf(A, B)
  for (const [da, db] of [
    [1e-4, 0],
    [-1e-4, 0],
    [0, 1e-4],
    [0, -1e-4],
    [1e-4, 1e-4],
    [1e-4, -1e-4],
  ])
    expect(errorOf(A + da, B + db)).toBeGreaterThan(least)
})

it('reads the gradients of the cross entropy from its tables', () => {
  // Up to a distance of 30,000, from one of a millionth. At worst they are 1e-4 off, and rounding.
  fc.assert(
    fc.property(fc.double({ min: -12, max: 9, noNaN: true }), (exponent) => {
      const square = 10 ** exponent
      const pull = (-2 * A * B * square ** (B - 1)) / (1 + A * square ** B)
      const push = (2 * B) / ((1e-3 + square) * (1 + A * square ** B))
      expect(Math.abs(pullAt(square) / pull - 1)).toBeLessThan(1.01e-4)
      expect(Math.abs(pushAt(square) / push - 1)).toBeLessThan(1.01e-4)
    }),
  )
})

it('stays finite for points that fall together or lie far off', () => {
  for (const square of [0, 1e-30, 1e30]) {
    expect(Number.isFinite(pullAt(square))).toBe(true)
    expect(Number.isFinite(pushAt(square))).toBe(true)
  }
})
