import type { PairSums } from '../kernels/index.ts'

/** Adds up the sums of all passes, in order: the answer does not depend on how they were shared out. */
export function addPairSums(parts: readonly PairSums[]): PairSums {
  return parts.reduce((sum, part) => ({
    rankProducts: sum.rankProducts + part.rankProducts,
    distanceProducts: sum.distanceProducts + part.distanceProducts,
    rowsA: sum.rowsA + part.rowsA,
    rowsB: sum.rowsB + part.rowsB,
    rowsAA: sum.rowsAA + part.rowsAA,
    rowsBB: sum.rowsBB + part.rowsBB,
    rowsAB: sum.rowsAB + part.rowsAB,
    overlaps: sum.overlaps.map((value, i) => value + part.overlaps[i]),
  }))
}
