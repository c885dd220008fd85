import type { CodeRows } from './distances.ts'
import { DistanceRow } from './distances.ts'

/** Distances of all pairs of sites of one side whose first region is `from` … `to` - 1. */
export interface MarginalTask {
  rows: CodeRows
  /** Sites of each region. */
  sizes: Int32Array
  from: number
  to: number
}

/**
 * Counts unordered pairs of sites by their distance: pairs inside a region at 0, pairs of two regions (the second
 * with the higher index) at the distance of the codes.
 *
 * @returns pairs at each distance 0 … bitCount, whole numbers in float64
 */
export function countDistances({ rows, sizes, from, to }: MarginalTask): Float64Array {
  const counts = new Float64Array(rows.bitCount + 1)
  const row = new DistanceRow(rows)
  for (let region = from; region < to; region++) {
    const size = sizes[region]
    counts[0] += (size * (size - 1)) / 2
    const others = region + 1
    row.measure(region, others)
    for (let i = 0; i < rows.regions - others; i++) counts[row.distances[i]] += size * sizes[others + i]
  }
  return counts
}

/** The distribution of one side's distances over all pairs of sites. */
export interface DistanceRanks {
  /** Mid-rank of each distance among all pairs, less the mean rank. */
  ranks: Float64Array
  /** Sum of the squared centred ranks over all pairs. */
  squares: number
  /** Sum of the squared distances over all pairs. */
  squaredDistances: number
}

/** Mid-ranks (tied pairs share the mean of their ranks) from the counts of {@link countDistances}. */
export function rankDistances(counts: Float64Array): DistanceRanks {
  const total = counts.reduce((sum, count) => sum + count, 0)
  const ranks = new Float64Array(new SharedArrayBuffer(counts.length * 8))
  let below = 0
  let squares = 0
  let squaredDistances = 0
  for (let distance = 0; distance < counts.length; distance++) {
    // Ranks below + 1 … below + count have the mean below + (count + 1) / 2; the mean of all is (total + 1) / 2.
    ranks[distance] = below + (counts[distance] - total) / 2
    below += counts[distance]
    squares += counts[distance] * ranks[distance] ** 2
    squaredDistances += counts[distance] * distance ** 2
  }
  return { ranks, squares, squaredDistances }
}
