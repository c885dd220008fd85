import { checkSizes, type ClusterSizes } from './checkSizes.ts'
import { inShares } from './inShares.ts'
import type { Points } from './pointDistances.ts'
import { pointTree } from './pointTree.ts'
import { runTask } from './pool.ts'
import type { Clustered, ClusterOptions } from './types.ts'

/** Points to cluster by their Euclidean distances. */
export interface PointInput extends ClusterSizes {
  /** Rows x columns. */
  values: Float64Array
  rows: number
  columns: number
}

/**
 * As `clusterCodes`, of points by their Euclidean distances: exact, all pairs of points, in float64. Steps are rows,
 * twice: for their core distances and for the tree.
 *
 * @throws AtlasError BAD_ARGUMENT where a size is too small or there are fewer rows than it asks for
 */
export async function clusterPoints(input: PointInput, options: ClusterOptions = {}): Promise<Clustered> {
  const { rows, minClusterSize, minSamples } = input
  const { signal, onProgress } = options
  checkSizes(input, rows)
  signal?.throwIfAborted()
  const points = centredPoints(input)
  const core = new Float64Array(new SharedArrayBuffer(rows * Float64Array.BYTES_PER_ELEMENT))
  let done = 0
  await inShares(
    Int32Array.from({ length: rows }, (_, row) => row),
    (picks) => runTask('pointCores', { ...points, picks, minSamples }, signal),
    (picks, found) => {
      core.set(found, picks[0])
      onProgress?.((done += picks.length), 2 * rows)
    },
  )
  const edges = await pointTree(points, core, {
    signal,
    onProgress: (joined) => onProgress?.(rows + joined, 2 * rows),
  })
  const clustered = await runTask('cutTree', { rows, edges, minClusterSize }, signal)
  onProgress?.(2 * rows, 2 * rows)
  return clustered
}

/** The points less their mean, so that a a - 2 a b + b b cancels as little as may be, in shared memory. */
function centredPoints({ values, rows, columns }: PointInput): Points {
  const shared = (length: number) =>
    new Float64Array(new SharedArrayBuffer(length * Float64Array.BYTES_PER_ELEMENT))
  const mean = new Float64Array(columns)
  for (let row = 0, at = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++, at++) mean[column] += values[at] / rows
  }
  const points = { values: shared(values.length), rows, columns }
  const squares = shared(rows)
  for (let row = 0, at = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++, at++) {
      const centred = values[at] - mean[column]
      points.values[at] = centred
      squares[row] += centred * centred
    }
  }
  return { points, squares }
}
