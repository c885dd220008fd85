import type { Contingency } from './contingency.ts'

/**
 * Adjusted Rand index (Hubert and Arabie, 1985): pairs of sites that both partitions put together, minus their
 * expected number under random permutation, over the greatest value of that difference. The quotient is formed of
 * whole numbers, so that it is exact to the last rounding; pair counts are exact up to 1.3e8 sites.
 *
 * Where the quotient is 0 / 0 (both sides a single region, or both all singletons) the partitions are equal and the
 * index is 1.
 */
export function adjustedRandIndex(table: Contingency): number {
  const together = pairs(table.count)
  const inA = pairs(table.sizesA)
  const inB = pairs(table.sizesB)
  const all = choose2(BigInt(table.siteCount))
  const expected = 2n * inA * inB
  const range = (inA + inB) * all - expected
  return range === 0n ? 1 : Number(2n * together * all - expected) / Number(range)
}

function pairs(sizes: Int32Array): bigint {
  let sum = 0
  for (const size of sizes) sum += (size * (size - 1)) / 2
  return BigInt(sum)
}

function choose2(n: bigint): bigint {
  return (n * (n - 1n)) / 2n
}
