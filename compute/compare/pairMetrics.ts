import type { DistanceRanks } from './ranks.ts'
import type { PairSums } from '../kernels/index.ts'
import type { PairMetrics } from './types.ts'

/** The metrics over all pairs of sites, from the sums of a complete pass and both sides' distributions. */
export function pairMetrics(
  sums: PairSums,
  a: DistanceRanks,
  b: DistanceRanks,
  siteCount: number,
): PairMetrics {
  return {
    hammingKernelCka: kernelAlignment(sums, a, b, siteCount),
    distanceRankCorrelation: rankCorrelation(sums, a, b),
    neighborOverlap: sums.overlaps.map((sum) => sum / siteCount),
  }
}

/**
 * Centred kernel alignment (Cortes, Mohri and Rostamizadeh, 2012; linear CKA of Kornblith et al., 2019) of the
 * kernels K = 1 - 2 d / bitCount: the inner product of the codes as +-1 vectors, over bitCount. Centring K takes away
 * the 1 and keeps the scale out of the quotient, so distances may stand for K. Their centred inner product is
 * sum d_a d_b - 2 / n sum R_a R_b + (sum R_a)(sum R_b) / n^2 over all ordered pairs, R the row sums: the same number
 * as ||Y'X||^2 / (||X'X|| ||Y'Y||) over centred bits, without a pass over pairs of bits.
 */
function kernelAlignment(sums: PairSums, a: DistanceRanks, b: DistanceRanks, siteCount: number): number {
  if (sums.rowsA === 0 || sums.rowsB === 0) return sums.rowsA === sums.rowsB ? 1 : 0
  const centred = (products: number, rows: number, first: number, second: number): number =>
    products - (2 * rows) / siteCount + (first / siteCount) * (second / siteCount)
  const both = centred(sums.distanceProducts, sums.rowsAB, sums.rowsA, sums.rowsB)
  const ofA = centred(2 * a.squaredDistances, sums.rowsAA, sums.rowsA, sums.rowsA)
  const ofB = centred(2 * b.squaredDistances, sums.rowsBB, sums.rowsB, sums.rowsB)
  return clamp(both / Math.sqrt(ofA * ofB), 0, 1)
}

/** Spearman's correlation: the ranks are centred already, and each unordered pair was met twice. */
function rankCorrelation(sums: PairSums, a: DistanceRanks, b: DistanceRanks): number {
  if (a.squares === 0 || b.squares === 0) return a.squares === b.squares ? 1 : 0
  return clamp(sums.rankProducts / 2 / Math.sqrt(a.squares * b.squares), -1, 1)
}

/** Takes away what rounding put outside the range. */
function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value))
}
