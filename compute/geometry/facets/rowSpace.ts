import type { Polytope } from './polytope.ts'
import { addMultiple, lengthOf, product } from './vectors.ts'

/** What is left of a normal of length 1 below this is rounding. */
const ZERO = 1e-10
/** Squared lengths below this are computed anew. */
const DOUBTFUL = 1e-6

/** A polytope in as many dimensions as its normals span: along the others it goes on for ever. */
export interface ReducedPolytope extends Polytope {
  /** The point of the whole space with these coordinates. */
  lift(point: Float64Array): Float64Array
}

/**
 * A polytope in orthonormal coordinates of the row space of its normals: modified Gram-Schmidt with the longest rest
 * first, so that the rank shows. Where the normals span the whole space, the coordinates stay as they are.
 *
 * @returns undefined where `stopped`
 */
export function inRowSpace(polytope: Polytope, stopped: () => boolean): ReducedPolytope | undefined {
  const { rows, dimension, normals } = polytope
  const rest = normals.slice()
  const squares = new Float64Array(rows).fill(1)
  const basis: Float64Array[] = []
  const coordinates: Float64Array[] = []
  while (basis.length < dimension) {
    if (stopped()) return undefined
    const longest = squares.indexOf(squares.reduce((x, y) => Math.max(x, y), 0))
    if (longest < 0 || squares[longest] <= ZERO ** 2) break
    const axis = orthonormal(rest.slice(longest * dimension, (longest + 1) * dimension), basis)
    basis.push(axis)
    coordinates.push(takeOut(rest, squares, axis))
  }
  const rank = basis.length
  if (rank === dimension) return { ...polytope, lift: (point) => point }
  const reduced = new Float64Array(rows * rank)
  coordinates.forEach((column, j) => column.forEach((value, row) => (reduced[row * rank + j] = value)))
  return {
    rows,
    dimension: rank,
    normals: reduced,
    offsets: polytope.offsets,
    lift: (point) => lift(basis, dimension, point),
  }
}

function lift(basis: readonly Float64Array[], dimension: number, point: Float64Array): Float64Array {
  const lifted = new Float64Array(dimension)
  basis.forEach((axis, k) => addMultiple(lifted, 0, point[k], axis, 0, dimension))
  return lifted
}

/** Without its parts along the basis, twice for the sake of rounding, and of length 1. */
function orthonormal(vector: Float64Array, basis: readonly Float64Array[]): Float64Array {
  for (let pass = 0; pass < 2; pass++) {
    for (const axis of basis) addMultiple(vector, 0, -product(vector, 0, axis), axis, 0, axis.length)
  }
  const scale = 1 / lengthOf(vector)
  return vector.map((value) => value * scale)
}

/** Takes each row's part along an axis out of it; answers those parts. Squared lengths are kept up to date. */
function takeOut(rest: Float64Array, squares: Float64Array, axis: Float64Array): Float64Array {
  const dimension = axis.length
  const parts = new Float64Array(squares.length)
  for (let row = 0; row < parts.length; row++) {
    if (squares[row] <= ZERO ** 2) continue
    const part = product(rest, row * dimension, axis)
    parts[row] = part
    addMultiple(rest, row * dimension, -part, axis, 0, dimension)
    squares[row] -= part * part
    // Where little is left, the difference has lost its digits.
    if (squares[row] < DOUBTFUL) {
      const left = rest.subarray(row * dimension, (row + 1) * dimension)
      squares[row] = product(left, 0, left)
    }
  }
  return parts
}
