import { neverStopped, throwIfStopped, type Stopped } from '../stopped.ts'

/** Sweeps over all pairs of rows at most; quadratic convergence needs six to ten. */
const MAX_SWEEPS = 60

/**
 * The singular values of a matrix, descending, min(rows, columns) of them: one-sided Jacobi rotations (Hestenes, 1958),
 * which make the rows of the smaller side orthogonal; their lengths are the singular values, the small ones to high
 * relative accuracy too.
 *
 * @param matrix rows x columns, left as it is
 */
export function singularValues(
  matrix: Float64Array,
  rows: number,
  columns: number,
  stopped: Stopped = neverStopped,
): Float64Array {
  const wide = rows <= columns
  const count = Math.min(rows, columns)
  const length = Math.max(rows, columns)
  const work = wide ? matrix.slice() : transpose(matrix, rows, columns)
  for (let sweep = 0; sweep < MAX_SWEEPS; sweep++) {
    let turned = false
    for (let i = 0; i + 1 < count; i++) {
      throwIfStopped(stopped)
      for (let j = i + 1; j < count; j++) turned = rotate(work, i * length, j * length, length) || turned
    }
    if (!turned) break
  }
  return Float64Array.from({ length: count }, (_, i) => norm(rowOf(work, i, length))).sort((a, b) => b - a)
}

/** The number of singular values above rounding: those over the greatest x eps x the larger side. */
export function rankOf(values: Float64Array, rows: number, columns: number): number {
  const least = (values[0] ?? 0) * Number.EPSILON * Math.max(rows, columns)
  return values.filter((value) => value > least).length
}

/** Makes two rows orthogonal; false where they are already. */
function rotate(work: Float64Array, a: number, b: number, length: number): boolean {
  let aa = 0
  let bb = 0
  let ab = 0
  for (let k = 0; k < length; k++) {
    const x = work[a + k]
    const y = work[b + k]
    aa += x * x
    bb += y * y
    ab += x * y
  }
  if (Math.abs(ab) <= Number.EPSILON * Math.sqrt(aa * bb)) return false
  const zeta = (bb - aa) / (2 * ab)
  const tangent = Math.sign(zeta || 1) / (Math.abs(zeta) + Math.hypot(1, zeta))
  const cosine = 1 / Math.hypot(1, tangent)
  const sine = cosine * tangent
  for (let k = 0; k < length; k++) {
    const x = work[a + k]
    const y = work[b + k]
    work[a + k] = cosine * x - sine * y
    work[b + k] = sine * x + cosine * y
  }
  return true
}

function rowOf(work: Float64Array, row: number, length: number): Float64Array {
  return work.subarray(row * length, (row + 1) * length)
}

function norm(row: Float64Array): number {
  return Math.sqrt(row.reduce((sum, value) => sum + value * value, 0))
}

function transpose(matrix: Float64Array, rows: number, columns: number): Float64Array {
  const turned = new Float64Array(matrix.length)
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) turned[j * rows + i] = matrix[i * columns + j]
  }
  return turned
}
