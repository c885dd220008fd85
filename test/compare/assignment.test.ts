import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { maximumAssignment } from '#atlas/compute/compare/assignment.js'
import reference from './fixtures/reference.json' with { type: 'json' }

/** Greatest total over all complete assignments of the smaller side, by trying them all. */
function bestTotal(rows: readonly (readonly number[])[]): number {
  const columns = rows[0].length
  if (rows.length > columns) return bestTotal(rows[0].map((_, column) => rows.map((row) => row[column])))
  const best = (row: number, free: readonly number[]): number =>
    row === rows.length
      ? 0
      : Math.max(
          ...free.map(
            (column) =>
              rows[row][column] +
              best(
                row + 1,
                free.filter((c) => c !== column),
              ),
          ),
        )
  return best(0, [...rows[0].keys()])
}

function solve(rows: readonly (readonly number[])[]): { columnOf: number[]; total: number } {
  const columnOf = [...maximumAssignment(Float64Array.from(rows.flat()), rows.length, rows[0].length)]
  return { columnOf, total: columnOf.reduce((sum, c, row) => sum + (c < 0 ? 0 : rows[row][c]), 0) }
}

describe('maximumAssignment', () => {
  it('finds the greatest total that brute force finds', () => {
    const matrices = fc
      .tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 }))
      .chain(([rows, columns]) =>
        fc.array(fc.array(fc.integer({ min: -4, max: 4 }), { minLength: columns, maxLength: columns }), {
          minLength: rows,
          maxLength: rows,
        }),
      )
    fc.assert(
      fc.property(matrices, (rows) => {
        const { columnOf, total } = solve(rows)
        const taken = columnOf.filter((column) => column >= 0)
        expect(new Set(taken).size).toBe(Math.min(rows.length, rows[0].length))
        expect(taken).toHaveLength(Math.min(rows.length, rows[0].length))
        expect(total).toBe(bestTotal(rows))
      }),
    )
  })

  it.each(reference.assignments)(
    'finds the total of SciPy for $rows x $columns',
    ({ rows, columns, total }) => {
      const entry = (i: number, j: number): number => (7919 * i * i + 104729 * i * j + 1299709 * j) % 10007
      const matrix = Array.from({ length: rows }, (_, i) =>
        Array.from({ length: columns }, (_, j) => entry(i, j)),
      )
      expect(solve(matrix).total).toBe(total)
    },
  )

  it('gives up the best pair where that serves the sum', () => {
    expect(
      solve([
        [10, 9],
        [9, 1],
      ]),
    ).toEqual({ columnOf: [1, 0], total: 18 })
  })

  it('assigns nothing of no rows or columns', () => {
    expect([...maximumAssignment(new Float64Array(0), 0, 3)]).toEqual([])
    expect([...maximumAssignment(new Float64Array(0), 2, 0)]).toEqual([-1, -1])
  })
})
