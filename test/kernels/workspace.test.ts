import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { workspace } from '#atlas/compute/kernels/index.js'

const number = fc.double({ min: -8, max: 8, noNaN: true })
const shape = fc.record({ rows: fc.integer({ min: 0, max: 9 }), columns: fc.integer({ min: 1, max: 19 }) })

/** A matrix and two vectors, of one entry a column and of one a row. */
const cases = shape.chain(({ rows, columns }) => {
  const array = (length: number) => fc.array(number, { minLength: length, maxLength: length })
  return fc.record({ matrix: array(rows * columns), along: array(columns), down: array(rows) })
})

/** Takes an array after another one, so that places are not all the same. */
function taken(values: readonly number[]): Float64Array {
  workspace.take(values.length % 3)
  const array = workspace.take(values.length)
  array.set(values)
  return array
}

/** Entry by entry, to the rounding of sums in another order. */
function expectClose(found: Float64Array, expected: readonly number[]): void {
  expect(found).toHaveLength(expected.length)
  found.forEach((value, i) => expect(Math.abs(value - expected[i])).toBeLessThan(1e-11))
}

const open = () => workspace.open(2000, 40)

describe('the workspace', () => {
  it('multiplies, combines and takes out like loops over entries', () => {
    fc.assert(
      fc.property(cases, ({ matrix, along, down }) => {
        open()
        const columns = along.length
        const entry = (row: number, column: number) => matrix[row * columns + column]
        const placed = taken(matrix)
        expectClose(
          workspace.multiply(placed, down.length, Float64Array.from(along)),
          down.map((_, row) => along.reduce((sum, value, j) => sum + value * entry(row, j), 0)),
        )
        const picked = Int32Array.from(down.keys(), (row) => down.length - 1 - row).filter(
          (row) => row % 3 !== 1,
        )
        const weights = Float64Array.from(picked, (row) => down[row])
        expectClose(
          workspace.combine(placed, columns, picked, weights),
          along.map((_, j) => picked.reduce((sum, row, i) => sum + weights[i] * entry(row, j), 0)),
        )
        expect([...placed]).toEqual(matrix)
        workspace.takeOut(placed, Float64Array.from(down), Float64Array.from(along))
        expectClose(
          placed,
          matrix.map((value, i) => value - down[Math.floor(i / columns)] * along[i % columns]),
        )
      }),
      { numRuns: 300 },
    )
  })

  it('pivots so that the same points solve the dictionary, and back again', () => {
    fc.assert(
      fc.property(cases, fc.nat(), ({ matrix, along, down }, seed) => {
        const [rows, columns] = [down.length, along.length - 1]
        const place = seed % Math.max(1, rows)
        const column = seed % Math.max(1, columns)
        const coefficient = matrix[place * along.length + column]
        fc.pre(rows > 0 && columns > 0 && Math.abs(coefficient) > 0.1)
        open()
        const table = taken(matrix)
        const valuesAt = (nonbasic: readonly number[]) =>
          down.map((_, row) =>
            nonbasic.reduce(
              (sum, value, j) => sum - table[row * along.length + j] * value,
              table[row * along.length + columns],
            ),
          )
        const nonbasic = along.slice(0, columns)
        const basic = valuesAt(nonbasic)
        const entering = nonbasic[column]
        workspace.pivot(table, rows, along.length, place, column)
        const exchanged = valuesAt(nonbasic.with(column, basic[place]))
        exchanged.forEach((value, row) =>
          expect(Math.abs(value - (row === place ? entering : basic[row]))).toBeLessThan(1e-7),
        )
        workspace.pivot(table, rows, along.length, place, column)
        table.forEach((value, i) => expect(Math.abs(value - matrix[i])).toBeLessThan(1e-7))
      }),
      { numRuns: 300 },
    )
  })

  it('writes a normal in the coordinates of the dictionary', () => {
    fc.assert(
      fc.property(cases, ({ matrix, along, down }) => {
        open()
        // Coordinate j is basic in row j where there is one; else it is a column.
        const columns = along.length - 1
        fc.pre(columns > 0)
        const rows = Math.min(down.length, columns)
        const table = workspace.take((rows + 1) * along.length)
        table.set(matrix.slice(0, rows * along.length))
        table[(rows + 1) * along.length - 1] = 5
        const places = workspace.takeInts(columns)
        for (let j = 0; j < columns; j++) places[j] = j < rows ? j : -1 - j
        const normals = taken([7, ...along.slice(0, columns).map((value, j) => (j % 4 === 0 ? 0 : value))])
        workspace.appendRow(table, places, normals, 1, rows)
        const expected = Array.from({ length: along.length }, (_, k) => {
          let sum = k === columns ? 5 : 0
          for (let j = 0; j < columns; j++) {
            if (j < rows) sum -= normals[1 + j] * table[j * along.length + k]
            else if (j === k) sum += normals[1 + j]
          }
          return sum
        })
        expectClose(table.slice(rows * along.length), expected)
      }),
      { numRuns: 300 },
    )
  })

  it('gives back what is taken within', () => {
    open()
    const before = workspace.take(3)
    const inner = workspace.within(() => workspace.take(5).byteOffset)
    expect(inner).toBeGreaterThan(before.byteOffset)
    expect(workspace.take(5).byteOffset).toBe(inner)
  })

  it('refuses arrays from elsewhere, from before, and of too few numbers', () => {
    open()
    const mine = workspace.take(6)
    const vector = new Float64Array(2)
    expect(() => workspace.multiply(new Float64Array(6), 3, vector)).toThrow('taken from the workspace')
    expect(() => workspace.multiply(mine, 4, vector)).toThrow('taken from the workspace')
    expect(() => workspace.multiply(workspace.take(50), 1, new Float64Array(50))).toThrow('shorter vectors')
    expect(() => workspace.multiply(workspace.take(100), 50, vector)).toThrow('shorter vectors')
    workspace.open(1e7, 40)
    expect(() => workspace.multiply(mine, 3, vector)).toThrow('taken from the workspace')
  })

  it('says so where it cannot be large enough', () => {
    expect(() => workspace.open(2 ** 29, 10)).toThrow(expect.objectContaining({ code: 'TOO_LARGE' }))
  })
})
