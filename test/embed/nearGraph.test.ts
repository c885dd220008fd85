import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { joinNearness, nearness } from '#atlas/compute/embed/nearGraph.js'

describe('nearness', () => {
  it('of the nearest is 1, falls with the distance, and sums to log2(k)', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 1, max: 400 }), { minLength: 3, maxLength: 40 }),
        (found) => {
          const row = Int32Array.from(found).sort()
          const near = nearness(row, row.length)
          expect(near[0]).toBe(1)
          expect([...near]).toEqual([...near].sort((a, b) => b - a))
          expect(near.reduce((sum, value) => sum + value)).toBeCloseTo(Math.log2(row.length), 4)
        },
      ),
    )
  })

  it('is exp(-(d - least) / scale) with one scale a row', () => {
    const near = nearness(Int32Array.of(3, 4, 6, 11, 2, 2, 9, 10), 4)
    const [scale, other] = [-1 / Math.log(near[1]), -7 / Math.log(near[6])]
    expect([...near.subarray(0, 4)].map((value) => -Math.log(value) * scale)).toEqual([
      expect.closeTo(0, 4),
      expect.closeTo(1, 4),
      expect.closeTo(3, 4),
      expect.closeTo(8, 4),
    ])
    // Two of four at the least distance are the sum already: the others count as far.
    expect(near[5]).toBe(1)
    expect(other).toBeLessThan(1)
  })

  it('counts all as near where all are at one distance', () => {
    expect([...nearness(Int32Array.of(5, 5, 5, 5, 5), 5)]).toEqual([1, 1, 1, 1, 1])
  })
})

/** Rows that each name k others, and how near they hold them. */
const held = fc.integer({ min: 2, max: 12 }).chain((rows) =>
  fc.integer({ min: 1, max: rows - 1 }).chain((k) =>
    fc.tuple(
      fc.constant(k),
      fc.tuple(
        ...Array.from({ length: rows }, (_, row) =>
          fc.shuffledSubarray(
            [...Array(rows).keys()].filter((other) => other !== row),
            { minLength: k, maxLength: k },
          ),
        ),
      ),
      fc.array(fc.integer({ min: 1, max: 64 }), { minLength: rows * k, maxLength: rows * k }),
    ),
  ),
)

it('joins what two rows hold of each other by a + b - a b, both ways, without light edges', () => {
  fc.assert(
    fc.property(held, ([k, others, parts]) => {
      const rows = others.length
      const near = Float32Array.from(parts, (part) => part / 64)
      const matrix = Array.from({ length: rows }, () => new Float64Array(rows))
      others.forEach((row, a) => row.forEach((b, i) => (matrix[a][b] = near[a * k + i])))
      const { starts, ends, weights } = joinNearness(Int32Array.from(others.flat()), near, k, 0.2)
      const joined = Array.from({ length: rows }, () => new Float64Array(rows))
      for (let row = 0; row < rows; row++) {
        for (let edge = starts[row]; edge < starts[row + 1]; edge++) {
          expect(joined[row][ends[edge]]).toBe(0)
          joined[row][ends[edge]] = weights[edge]
        }
      }
      const expected = matrix.map((row, a) =>
        row.map((value, b) => {
          const both = value + matrix[b][a] - value * matrix[b][a]
          return both < 0.2 ? 0 : Math.fround(both)
        }),
      )
      expect(joined).toEqual(expected)
    }),
  )
})
