import { EigenvalueDecomposition, Matrix as Square } from 'ml-matrix'
import { neverStopped, throwIfStopped, type Stopped } from '../stopped.ts'
import type { Matrix } from './matrix.ts'
import type { Products } from './products.ts'

/** Rows that are centred and multiplied at a time. */
const ROWS_A_PRODUCT = 2048

/** The directions along which the rows of a matrix vary most. */
export interface PrincipalComponents {
  /** Mean of the rows. */
  mean: Float64Array
  /** Components x columns: of length 1, orthogonal, by falling variance; the greatest entry of each is positive. */
  components: Float32Array
  /** Variance along each, with the number of rows as divisor. */
  variances: Float64Array
  /** Sum of the variances of all columns. */
  totalVariance: number
}

/** The first principal components: eigenvectors of the covariance, in float64. Time rows x columns^2 + columns^3. */
export async function principalComponents(
  matrix: Matrix,
  count: number,
  products: Products,
  stopped: Stopped = neverStopped,
): Promise<PrincipalComponents> {
  const { columns } = matrix
  const mean = meanOfRows(matrix)
  const covariance = await covarianceOf(matrix, mean, products, stopped)
  const square = new Square(
    Array.from({ length: columns }, (_, i) => covariance.subarray(i * columns, (i + 1) * columns)),
  )
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(square, {
    assumeSymmetric: true,
  })
  const order = [...realEigenvalues.keys()].sort((x, y) => realEigenvalues[y] - realEigenvalues[x])
  const chosen = order.slice(0, count)
  const components = new Float32Array(count * columns)
  chosen.forEach((at, i) => components.set(upright(eigenvectorMatrix.getColumn(at)), i * columns))
  return {
    mean,
    components,
    // Rounding may bring a variance of 0 below it.
    variances: Float64Array.from(chosen, (at) => Math.max(0, realEigenvalues[at])),
    totalVariance: covariance.reduce((sum, value, at) => (at % (columns + 1) === 0 ? sum + value : sum), 0),
  }
}

/** Mean of the rows of a matrix, summed in float64. */
export function meanOfRows({ values, rows, columns }: Matrix): Float64Array {
  const mean = new Float64Array(columns)
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) mean[column] += values[row * columns + column]
  }
  return mean.map((sum) => sum / rows)
}

async function covarianceOf(
  { values, rows, columns }: Matrix,
  mean: Float64Array,
  products: Products,
  stopped: Stopped,
): Promise<Float64Array> {
  const covariance = new Float64Array(columns * columns)
  for (let from = 0; from < rows; from += ROWS_A_PRODUCT) {
    throwIfStopped(stopped)
    const count = Math.min(ROWS_A_PRODUCT, rows - from)
    const centred = new Float64Array(count * columns)
    for (let i = 0; i < centred.length; i++) centred[i] = values[from * columns + i] - mean[i % columns]
    const part = { values: centred, rows: count, columns }
    const { values: sums } = await products.float64(part, part, 'FIRST')
    for (let i = 0; i < sums.length; i++) covariance[i] += sums[i] / rows
  }
  return covariance
}

/** A vector or its opposite: whose greatest entry is positive, so that the sign does not hang on rounding. */
function upright(vector: readonly number[]): readonly number[] {
  const greatest = vector.reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best), 0)
  return greatest < 0 ? vector.map((value) => -value) : vector
}
