import { describe, expect, it } from 'vitest'
import {
  nonNegativeFactors,
  principalComponents,
  withProducts,
  type Matrix,
} from '#atlas/compute/linear/index.js'
import { uniform } from '../support/onnx.ts'

const draw = (rows: number, columns: number, seed: number, at: (value: number) => number): Matrix => {
  const random = uniform(seed)
  return { values: Float32Array.from({ length: rows * columns }, () => at(random())), rows, columns }
}
const entry = ({ values, columns }: Matrix, row: number, column: number) => values[row * columns + column]
const dot = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((sum, value, i) => sum + value * b[i], 0)

describe('products', () => {
  const a = draw(7, 5, 1, (value) => value - 0.5)
  const b = draw(5, 4, 2, (value) => value - 0.5)
  const transposed = ({ values, rows, columns }: Matrix): Matrix => ({
    values: values.map((_, i) => values[(i % rows) * columns + Math.floor(i / rows)]),
    rows: columns,
    columns: rows,
  })
  const wanted = Array.from({ length: 28 }, (_, i) =>
    [0, 1, 2, 3, 4].reduce((sum, k) => sum + entry(a, Math.floor(i / 4), k) * entry(b, k, i % 4), 0),
  )

  it.each([
    ['NONE', a, b],
    ['FIRST', transposed(a), b],
    ['SECOND', a, transposed(b)],
  ] as const)('agree with a sum over all entries: %s', async (which, left, right) => {
    const wide = (matrix: Matrix) => ({ ...matrix, values: Float64Array.from(matrix.values) })
    await withProducts(async (products) => {
      const single = await products.float32(left, right, which)
      const double = await products.float64(wide(left), wide(right), which)
      expect([single.rows, single.columns, double.rows, double.columns]).toEqual([7, 4, 7, 4])
      wanted.forEach((value, i) => {
        expect(single.values[i]).toBeCloseTo(value, 6)
        expect(double.values[i]).toBeCloseTo(value, 14)
      })
    })
  })
})

describe('principalComponents', () => {
  it('are orthogonal eigenvectors of the covariance, by falling variance', async () => {
    const x = draw(5000, 6, 3, (value) => value)
    for (let row = 0; row < x.rows; row++) x.values[row * 6] += 3 * x.values[row * 6 + 1]
    const { mean, components, variances, totalVariance } = await withProducts((products) =>
      principalComponents(x, 6, products),
    )
    const column = (i: number) => Array.from({ length: x.rows }, (_, row) => entry(x, row, i))
    const means = [0, 1, 2, 3, 4, 5].map((i) => column(i).reduce((sum, value) => sum + value, 0) / x.rows)
    means.forEach((value, i) => expect(mean[i]).toBeCloseTo(value, 10))
    const centred = means.map((value, i) => column(i).map((entry) => entry - value))
    const covariance = centred.map((a) => centred.map((b) => dot(a, b) / x.rows))
    const vectors = [0, 1, 2, 3, 4, 5].map((i) => components.subarray(6 * i, 6 * i + 6))
    vectors.forEach((vector, i) => {
      covariance.forEach((row, k) => expect(dot(row, vector)).toBeCloseTo(variances[i] * vector[k], 5))
      vectors.forEach((other, k) => expect(dot(vector, other)).toBeCloseTo(Number(i === k), 5))
      expect(
        vector.reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best), 0),
      ).toBeGreaterThan(0)
    })
    expect([...variances]).toEqual([...variances].sort((a, b) => b - a))
    expect(totalVariance).toBeCloseTo(
      covariance.reduce((sum, row, i) => sum + row[i], 0),
      8,
    )
    // Column 0 is three times column 1 and as much noise again: (3, 1) and what is left of both.
    expect(vectors[0][0] / vectors[0][1]).toBeCloseTo(10 / 3 + 0.03, 0)
  })

  it('of constant rows have no variance', async () => {
    const x = { values: new Float32Array(40).fill(0.25), rows: 10, columns: 4 }
    const { variances, totalVariance } = await withProducts((products) => principalComponents(x, 2, products))
    expect([...variances, totalVariance]).toEqual([0, 0, 0])
  })
})

describe('nonNegativeFactors', () => {
  /** Two factors that share no column, so that there is one solution. */
  const planted = () => {
    const weights = draw(300, 2, 4, (value) => value)
    const factors = [
      [0.6, 0.8, 0, 0],
      [0, 0, 0.8, 0.6],
    ]
    const values = Float32Array.from({ length: 1200 }, (_, i) =>
      factors.reduce((sum, factor, k) => sum + entry(weights, Math.floor(i / 4), k) * factor[i % 4], 0),
    )
    return { weights, factors, x: { values, rows: 300, columns: 4 } }
  }

  it('find the factors that a matrix was made of', async () => {
    const { x, factors } = planted()
    const found = await withProducts((products) => nonNegativeFactors(x, 2, 7, products))
    expect(found.relativeError).toBeLessThan(0.02)
    const rows = [0, 1].map((i) => [...found.factors.values.subarray(4 * i, 4 * i + 4)])
    const [first] = rows
    const order = first[0] > first[2] ? factors : [factors[1], factors[0]]
    rows.forEach((row, i) => expect(dot(row, order[i])).toBeGreaterThan(0.99))
    for (const value of found.weights.values) expect(value).toBeGreaterThanOrEqual(0)
  })

  it('have length 1, the heaviest first, and the error that their product has', async () => {
    const x = draw(80, 9, 5, (value) => value - 0.3)
    const onRounds: number[] = []
    const found = await withProducts((products) =>
      nonNegativeFactors(x, 3, 1, products, { onRound: (share) => onRounds.push(share) }),
    )
    const product = (row: number, column: number) =>
      [0, 1, 2].reduce((sum, k) => sum + entry(found.weights, row, k) * entry(found.factors, k, column), 0)
    let [rest, all] = [0, 0]
    for (let row = 0; row < 80; row++) {
      for (let column = 0; column < 9; column++) {
        const value = Math.max(0, entry(x, row, column))
        rest += (value - product(row, column)) ** 2
        all += value ** 2
      }
    }
    expect(found.relativeError).toBeCloseTo(Math.sqrt(rest / all), 4)
    const weightOf = (factor: number) =>
      Array.from({ length: 80 }, (_, row) => entry(found.weights, row, factor) ** 2).reduce((a, b) => a + b)
    expect(weightOf(0)).toBeGreaterThanOrEqual(weightOf(1))
    expect(weightOf(1)).toBeGreaterThanOrEqual(weightOf(2))
    for (const i of [0, 9, 18])
      expect(Math.hypot(...found.factors.values.subarray(i, i + 9))).toBeCloseTo(1, 5)
    expect(onRounds).toHaveLength(found.rounds)
    const again = await withProducts((products) => nonNegativeFactors(x, 3, 1, products))
    expect(again.factors).toEqual(found.factors)
  })

  it('of nothing are nothing', async () => {
    const x = { values: new Float32Array(12), rows: 3, columns: 4 }
    const found = await withProducts((products) => nonNegativeFactors(x, 2, 1, products))
    expect(found.relativeError).toBe(0)
    for (const value of [...found.weights.values, ...found.factors.values]) expect(value).toBe(0)
  })
})
