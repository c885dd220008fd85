import type { DistanceCountTask } from '../contract.ts'
import { DistanceRow } from './distanceRow.ts'

/** Counts pairs of sites by their distance. See {@link Kernels.countDistances}. */
export function countDistances({ rows, sizes, from, to }: DistanceCountTask): Float64Array {
  const counts = new Float64Array(rows.bitCount + 1)
  const row = new DistanceRow(rows)
  for (let first = from; first < to; first++) {
    const size = sizes[first]
    counts[0] += (size * (size - 1)) / 2
    const others = first + 1
    row.measure(first, others)
    for (let i = 0; i < rows.rows - others; i++) counts[row.distances[i]] += size * sizes[others + i]
  }
  return counts
}
