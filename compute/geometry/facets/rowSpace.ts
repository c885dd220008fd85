import { workspace } from '../../kernels/index.ts'
import type { PlacedPolytope } from './placed.ts'
import type { Polytope } from './polytope.ts'
import { addMultiple, lengthOf, product } from './vectors.ts'

/** What is left of a normal of length 1 below this is rounding. */
const ZERO = 1e-10
/** Squared lengths below this are computed anew. */
const DOUBTFUL = 1e-6

/** A polytope in as many dimensions as its normals span: along the others it goes on for ever. */
export interface ReducedPolytope extends PlacedPolytope {
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
  // Room for as many coordinates as there may be.
  const place = workspace.take(rows * Math.min(rows, dimension))
  const space = workspace.within(() => rowSpace(polytope, stopped))
  if (!space) return undefined
  const { basis, coordinates } = space
  const rank = coordinates.length
  const reduced = place.subarray(0, rows * rank)
  const placed = { rows, dimension: rank, normals: reduced, offsets: polytope.offsets, placed: true } as const
  if (rank === dimension) {
    reduced.set(normals)
    return { ...placed, lift: (point) => point }
  }
  coordinates.forEach((column, j) => column.forEach((value, row) => (reduced[row * rank + j] = value)))
  return { ...placed, lift: (point) => lift(basis, dimension, point) }
}

/** An orthonormal basis of the row space, and the coordinates of all rows along each axis. */
function rowSpace({ rows, dimension, normals }: Polytope, stopped: () => boolean) {
  const rest = workspace.take(rows * dimension)
  rest.set(normals)
  const squares = new Float64Array(rows).fill(1)
  const axes = workspace.take(Math.min(rows, dimension) * dimension)
  const coordinates: Float64Array[] = []
  while (coordinates.length < dimension) {
    if (stopped()) return undefined
    const longest = squares.indexOf(squares.reduce((x, y) => Math.max(x, y), 0))
    if (longest < 0 || squares[longest] <= ZERO ** 2) break
    const found = coordinates.length
    const axis = orthonormal(rest.slice(longest * dimension, (longest + 1) * dimension), axes, found)
    axes.set(axis, found * dimension)
    coordinates.push(takeOut(rest, squares, axis))
  }
  return { basis: axes.slice(0, coordinates.length * dimension), coordinates }
}

function lift(basis: Float64Array, dimension: number, point: Float64Array): Float64Array {
  const lifted = new Float64Array(dimension)
  point.forEach((value, k) => addMultiple(lifted, 0, value, basis, k * dimension, dimension))
  return lifted
}

/** Without its parts along the first so many axes, twice for the sake of rounding, and of length 1. */
function orthonormal(vector: Float64Array, axes: Float64Array, count: number): Float64Array {
  const rows = Int32Array.from({ length: count }, (_, k) => k)
  let rest = vector
  for (let pass = 0; pass < 2; pass++) {
    const parts = workspace.multiply(axes, count, rest)
    const sum = workspace.combine(axes, vector.length, rows, parts)
    rest = rest.map((value, j) => value - sum[j])
  }
  const scale = 1 / lengthOf(rest)
  return rest.map((value) => value * scale)
}

/** Takes each row's part along an axis out of it; answers those parts. Squared lengths are kept up to date. */
function takeOut(rest: Float64Array, squares: Float64Array, axis: Float64Array): Float64Array {
  const dimension = axis.length
  const parts = workspace.multiply(rest, squares.length, axis)
  for (let row = 0; row < parts.length; row++) if (squares[row] <= ZERO ** 2) parts[row] = 0
  workspace.takeOut(rest, parts, axis)
  for (let row = 0; row < parts.length; row++) {
    if (squares[row] <= ZERO ** 2) continue
    squares[row] -= parts[row] * parts[row]
    // Where little is left, the difference has lost its digits.
    if (squares[row] < DOUBTFUL) {
      const left = rest.subarray(row * dimension, (row + 1) * dimension)
      squares[row] = product(left, 0, left)
    }
  }
  return parts
}
