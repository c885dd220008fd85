import type { NearestResult, NearestTask, WithinResult, WithinTask } from '../contract.ts'
import type { Argument } from '../sharedLibrary.ts'
import type { CudaLibrary } from './library.ts'

/** What all searches begin with. */
function searched({ queries, base, from, to }: WithinTask): Argument[] {
  const { id, words, rows, width } = queries
  return [id, words, rows, base.id, base.words, base.rows, width, from, to]
}

/** The radius as the library takes it: a whole number from -1, which finds nothing, to the greatest distance. */
const radius = ({ maxDistance, base }: WithinTask): number =>
  Math.max(-1, Math.min(Math.floor(maxDistance), base.bitCount))

/** Exact nearest rows. See {@link Kernels.nearest}. */
export function nearest(library: CudaLibrary, task: NearestTask): NearestResult {
  const count = task.to - task.from
  const k = Math.min(task.k, task.base.rows)
  const counts = new Int32Array(count)
  const indices = new Int32Array(count * k)
  const distances = new Int32Array(count * k)
  if (count > 0 && k > 0) {
    const outputs = [counts, indices, distances] as const
    library.call('nearest', ...searched(task), k, radius(task), Number(task.self), ...outputs)
  }
  return {
    counts,
    indices: spread(indices, count, k, task.k),
    distances: spread(distances, count, k, task.k),
  }
}

/** Rows of `k` values as rows of `width`, filled up with -1. */
function spread(values: Int32Array, rows: number, k: number, width: number): Int32Array {
  if (k === width) return values
  const wide = new Int32Array(rows * width).fill(-1)
  for (let row = 0; row < rows; row++) wide.set(values.subarray(row * k, (row + 1) * k), row * width)
  return wide
}

/** All rows within a radius. See {@link Kernels.within}. */
export function within(library: CudaLibrary, task: WithinTask): WithinResult {
  const starts = new Int32Array(task.to - task.from + 1)
  const result = new BigUint64Array(1)
  library.call('within', ...searched(task), radius(task), Number(task.self), starts, result)
  const indices = new Int32Array(starts[starts.length - 1])
  const distances = new Int32Array(indices.length)
  library.call('within_take', result[0], indices, distances)
  return { starts, indices, distances }
}
