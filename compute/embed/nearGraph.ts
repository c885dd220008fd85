import type { NearGraph } from './types.ts'

/** Rounds of halving, and how near the sum must come. */
const ROUNDS = 64
const TOLERANCE = 1e-5

/** Least scale of a row's distances, in means of them: many may be at the least distance, and none is to be at 0. */
const LEAST_SCALE = 1e-3

/**
 * How near each row holds its k nearest rows to be, 0 to 1: exp(-(d - least d) / scale), with the scale at which the row's
 * sum is log2(k), section 3.1 of the paper. Where more than log2(k) rows are at the least distance no scale is, and these
 * count as near, the others as far.
 *
 * @param distances rows x k, ascending in a row
 * @returns rows x k
 */
export function nearness(distances: Int32Array, k: number): Float32Array {
  const near = new Float32Array(distances.length)
  for (let first = 0; first < distances.length; first += k) {
    const row = distances.subarray(first, first + k)
    const scale = scaleOf(row)
    for (let i = 0; i < k; i++) near[first + i] = Math.exp((row[0] - row[i]) / scale)
  }
  return near
}

/** The scale at which a row's sum is log2 of its length, by halving; at least {@link LEAST_SCALE} of its mean distance. */
function scaleOf(row: Int32Array): number {
  const target = Math.log2(row.length)
  let [low, high, scale] = [0, Infinity, 1]
  for (let round = 0; round < ROUNDS; round++) {
    let sum = 0
    for (const distance of row) sum += Math.exp((row[0] - distance) / scale)
    if (Math.abs(sum - target) < TOLERANCE) break
    if (sum > target) high = scale
    else low = scale
    scale = high === Infinity ? 2 * scale : (low + high) / 2
  }
  const mean = row.reduce((sum, distance) => sum + distance, 0) / row.length
  return Math.max(scale, LEAST_SCALE * mean)
}

/**
 * Joins what two rows hold of each other: a + b - a b, the chance that one of two independent edges is there.
 *
 * @param indices rows x k, each row's nearest
 * @param near rows x k, see {@link nearness}
 * @param least edges below it are left out
 */
export function joinNearness(indices: Int32Array, near: Float32Array, k: number, least: number): NearGraph {
  const rows = indices.length / k
  const degrees = new Int32Array(rows)
  eachEdge(indices, near, k, least, (a, b) => {
    degrees[a]++
    degrees[b]++
  })
  const starts = new Int32Array(rows + 1)
  for (let row = 0; row < rows; row++) starts[row + 1] = starts[row] + degrees[row]
  const ends = new Int32Array(starts[rows])
  const weights = new Float32Array(starts[rows])
  const next = starts.slice()
  eachEdge(indices, near, k, least, (a, b, weight) => {
    ends[next[a]] = b
    weights[next[a]++] = weight
    ends[next[b]] = a
    weights[next[b]++] = weight
  })
  return { starts, ends, weights }
}

/** Visits the edges, each once, in the order of the rows that hold them. */
function eachEdge(
  indices: Int32Array,
  near: Float32Array,
  k: number,
  least: number,
  visit: (a: number, b: number, weight: number) => void,
): void {
  for (let at = 0; at < indices.length; at++) {
    const a = Math.floor(at / k)
    const b = indices[at]
    let back = b * k
    while (back < b * k + k && indices[back] !== a) back++
    const mutual = back < b * k + k
    // A mutual edge belongs to its lower row.
    if (mutual && b < a) continue
    const weight = mutual ? near[at] + near[back] - near[at] * near[back] : near[at]
    if (weight >= least) visit(a, b, weight)
  }
}
