import { expect } from 'vitest'
import type { AffineMap } from '#atlas/compute/geometry/index.js'

/** The map takes a point to these scores, to 1e-9 of them. */
export function expectImage(
  { matrix, bias, columns }: AffineMap,
  point: Float64Array,
  scores: ArrayLike<number>,
): void {
  bias.forEach((start, row) => {
    const own = point.reduce((sum, value, i) => sum + matrix[row * columns + i] * value, start)
    expect(Math.abs(own - scores[row])).toBeLessThan(1e-9 * (1 + Math.abs(scores[row])))
  })
}
