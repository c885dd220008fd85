import { EigenvalueDecomposition, Matrix } from 'ml-matrix'
import { expect, it } from 'vitest'
import { bitComponents } from '#atlas/compute/embed/bitComponents.js'
import { shareRows } from '#atlas/compute/kernels/index.js'
import { neverStopped } from '#atlas/compute/stopped.js'
import { cutBits, inputOf } from './codes.ts'

async function componentsOf(bits: boolean[][], seed = 1): Promise<Float64Array> {
  const { codes, bitCount } = inputOf(bits)
  return bitComponents(await shareRows(codes, bits.length, bitCount), seed, neverStopped)
}

/** Where rows lie along one of the eigenvectors of the covariance of the bits, the first of the greatest variance. */
function expectedAlong(bits: boolean[][], component: number): number[] {
  const values = new Matrix(bits.map((row) => row.map(Number))).center('column')
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(values.transpose().mmul(values))
  const order = [...realEigenvalues.keys()].sort((a, b) => realEigenvalues[b] - realEigenvalues[a])
  return values.mmul(eigenvectorMatrix.getColumnVector(order[component])).getColumn(0)
}

it.each([
  ['of one word', cutBits(300, 30, 4)],
  ['of more than one table', cutBits(200, 300, 4)],
  ['of fewer bits than vectors', cutBits(12, 5, 3)],
])('finds the two principal components of codes %s', async (_name, bits) => {
  const found = await componentsOf(bits)
  for (const component of [0, 1]) {
    const along = Array.from(bits, (_, row) => found[2 * row + component])
    const expected = expectedAlong(bits, component)
    const length = Math.hypot(...expected)
    const product = along.reduce((sum, value, row) => sum + value * expected[row], 0)
    // Of equal length and in line, one way or the other.
    expect(Math.hypot(...along) / length).toBeCloseTo(1, 3)
    expect(Math.abs(product) / length ** 2).toBeCloseTo(1, 3)
  }
})

it('is 0 up where the rows lie on one line', async () => {
  const found = await componentsOf([
    [true, false],
    [false, false],
  ])
  expect(Math.abs(found[0] - found[2])).toBeCloseTo(1, 12)
  expect(found[1]).toBeCloseTo(0, 12)
  expect(found[3]).toBeCloseTo(0, 12)
})
