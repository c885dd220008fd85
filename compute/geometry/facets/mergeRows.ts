import { withRows, type Polytope } from './polytope.ts'

/** Rows are the same half-space where their normals, and offsets by their size, differ by no more than this. */
const SAME = 1e-10

/**
 * Joins the rows of a polytope that are the same half-space to rounding: the first of them stays.
 *
 * @param owners what each row comes from
 * @param size of the point that is the origin: offsets round by it
 * @returns the rows that stay, and all owners of each
 */
export function mergeRows<Owner>(
  polytope: Polytope,
  owners: readonly Owner[],
  size: number,
): { polytope: Polytope; bounds: Owner[][] } {
  const first = firstOfSame(polytope, size)
  const places = new Int32Array(polytope.rows)
  const kept: number[] = []
  const bounds: Owner[][] = []
  first.forEach((same, row) => {
    if (same === row) {
      places[row] = kept.push(row) - 1
      bounds.push([])
    }
    bounds[places[same]].push(owners[row])
  })
  return { polytope: kept.length === polytope.rows ? polytope : withRows(polytope, kept), bounds }
}

/** Per row, the first row that is the same. */
function firstOfSame(polytope: Polytope, size: number): Int32Array {
  const { rows, dimension, normals } = polytope
  const keys = new Float64Array(rows)
  for (let row = 0; row < rows; row++) keys[row] = mixedSum(normals, row * dimension, dimension)
  const first = Int32Array.from(keys.keys())
  // Same rows have about the same key: mostly no two have.
  const sorted = keys.slice().sort()
  if (sorted.every((key, i) => i === 0 || key - sorted[i - 1] > SAME * dimension)) return first
  const order = Uint32Array.from(keys.keys()).sort((a, b) => keys[a] - keys[b])
  for (let at = 0; at < rows; at++) {
    for (let i = at - 1; i >= 0 && keys[order[at]] - keys[order[i]] <= SAME * dimension; i--) {
      const [low, high] = [order[at], order[i]].sort((a, b) => a - b)
      if (isSame(polytope, low, high, size)) first[high] = Math.min(first[high], low)
    }
  }
  for (let row = 0; row < rows; row++) first[row] = first[first[row]]
  return first
}

function isSame({ dimension, normals, offsets }: Polytope, a: number, b: number, size: number): boolean {
  if (Math.abs(offsets[a] - offsets[b]) > SAME * Math.max(size, Math.abs(offsets[a]))) return false
  for (let j = 0; j < dimension; j++) {
    if (Math.abs(normals[a * dimension + j] - normals[b * dimension + j]) > SAME) return false
  }
  return true
}

/** The sum of a row's entries with weights from 0 to 1 that follow no pattern. */
function mixedSum(normals: Float64Array, from: number, dimension: number): number {
  let sum = 0
  for (let j = 0; j < dimension; j++) sum += ((j * 0.6180339887498949 + 0.5) % 1) * normals[from + j]
  return sum
}
