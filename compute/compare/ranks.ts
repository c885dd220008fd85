/** The distribution of one side's distances over all pairs of sites. */
export interface DistanceRanks {
  /** Mid-rank of each distance among all pairs, less the mean rank. */
  ranks: Float64Array
  /** Sum of the squared centred ranks over all pairs. */
  squares: number
  /** Sum of the squared distances over all pairs. */
  squaredDistances: number
}

/** Mid-ranks (tied pairs share the mean of their ranks) from the counts of `Kernels.countDistances`. */
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
