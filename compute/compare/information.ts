import type { Contingency, Multiset } from './contingency.ts'
import { countEqual } from './contingency.ts'
import { expectedXLogX, xLogX } from './hypergeometric.ts'

/**
 * Adjusted mutual information (Vinh, Epps and Bailey, JMLR 2010): (MI - E[MI]) / (mean(H(A), H(B)) - E[MI]), with
 * the exact expectation over all permutations of the sites. With S the sum of x ln x over sizes (S_AB over cells),
 * MI = ln n + (S_AB - S_A - S_B) / n and H = ln n - S / n, so that the index is
 * (S_AB - E[S_AB]) / ((S_A + S_B) / 2 - E[S_AB]): ln n, against which near-singleton partitions would cancel to
 * nothing, drops out, and cells of one site add exact zeros.
 *
 * Degenerate cases: equal partitions give 1, also two single regions and two all-singletons (where the quotient is
 * 0 / 0). Where one side alone is a single region or all singletons, no permutation changes MI and the index is 0.
 */
export function adjustedMutualInformation(table: Contingency): number {
  const sizesA = countEqual(table.sizesA)
  const sizesB = countEqual(table.sizesB)
  const regionsA = total(sizesA)
  const regionsB = total(sizesB)
  const cells = table.count.length
  if (cells === regionsA && cells === regionsB) return 1
  const trivial = [1, table.siteCount]
  if (trivial.includes(regionsA) || trivial.includes(regionsB)) return 0
  const expected = expectedOverCells(table.siteCount, sizesA, sizesB)
  const mean = (sumXLogX(sizesA) + sumXLogX(sizesB)) / 2
  return (sumXLogX(countEqual(table.count)) - expected) / (mean - expected)
}

/**
 * Conditional entropies H(A|B) and H(B|A) in bits: each cell adds its share of sites times the surprise of the cell
 * within its region. All terms are positive and exactly 0 where a region lies inside one of the other side.
 */
export function conditionalEntropies(table: Contingency): { aGivenB: number; bGivenA: number } {
  const { a, b, count, sizesA, sizesB, siteCount } = table
  let aGivenB = 0
  let bGivenA = 0
  for (let cell = 0; cell < count.length; cell++) {
    aGivenB += count[cell] * Math.log2(sizesB[b[cell]] / count[cell])
    bGivenA += count[cell] * Math.log2(sizesA[a[cell]] / count[cell])
  }
  return { aGivenB: aGivenB / siteCount, bGivenA: bGivenA / siteCount }
}

/** E[sum over cells of x ln x], equal pairs of sizes taken together. */
function expectedOverCells(siteCount: number, sizesA: Multiset, sizesB: Multiset): number {
  let sum = 0
  for (let i = 0; i < sizesA.values.length; i++) {
    for (let j = 0; j < sizesB.values.length; j++) {
      const each = expectedXLogX(siteCount, sizesA.values[i], sizesB.values[j])
      sum += sizesA.times[i] * sizesB.times[j] * each
    }
  }
  return sum
}

function sumXLogX({ values, times }: Multiset): number {
  return values.reduce((sum, value, i) => sum + times[i] * xLogX(value), 0)
}

function total({ times }: Multiset): number {
  return times.reduce((sum, count) => sum + count, 0)
}
