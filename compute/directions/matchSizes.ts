import { xLogX } from '../compare/hypergeometric.ts'
import { describeTally } from '../codes/index.ts'
import type { LabelCurve, LabelledSet } from './types.ts'

/** Sets of sites that one thing describes: the members of a region, or of a cluster. */
export interface SiteSet {
  /** Sites in it, with a label or without. */
  siteCount: number
  /** Label to how many of its sites have it. */
  tally: Map<number, number>
}

/** What some sets are like, as means over the sites in them: a set counts by its size. */
export interface SetStatistics extends LabelledSet {
  setCount: number
  /** Sites in them. */
  siteCount: number
}

/** What directions give for sets of the same sizes. */
export interface MatchedStatistics extends LabelledSet {
  /** Mean over the sizes of the least entropy that a direction has there. */
  leastLabelEntropy: number
  /** Share of the sites in sets for whose sizes there is a direction that is above 0 at so many sites. */
  matchedShare: number
}

/** @param sizes sites by label, of all sites */
export function statisticsOfSets(
  sets: readonly SiteSet[],
  sizes: ReadonlyMap<number, number>,
): SetStatistics {
  const siteCount = sets.reduce((sum, set) => sum + set.siteCount, 0)
  const described = sets.map(({ tally }) => describeTally(tally))
  const mean = (value: (i: number) => number) =>
    siteCount === 0 ? 0 : sets.reduce((sum, set, i) => sum + set.siteCount * value(i), 0) / siteCount
  return {
    setCount: sets.length,
    siteCount,
    labelEntropy: mean((i) => described[i].entropy),
    purity: mean((i) => described[i].purity),
    mutualInformation: mean((i) => informationOf(sets[i].tally, sizes)),
  }
}

/** The means of a curve at the sizes of some sets, each counted by its size; null where no size is matched. */
export function matchSizes(
  siteCounts: readonly number[],
  { directionCounts, labelEntropy, leastLabelEntropy, purity, mutualInformation }: LabelCurve,
): MatchedStatistics | null {
  const all = siteCounts.reduce((sum, size) => sum + size, 0)
  const matched = siteCounts.filter((size) => directionCounts[size - 1] > 0)
  const sites = matched.reduce((sum, size) => sum + size, 0)
  if (sites === 0) return null
  const mean = (values: Float64Array) =>
    matched.reduce((sum, size) => sum + size * values[size - 1], 0) / sites
  return {
    labelEntropy: mean(labelEntropy),
    leastLabelEntropy: mean(leastLabelEntropy),
    purity: mean(purity),
    mutualInformation: mean(mutualInformation),
    matchedShare: sites / all,
  }
}

/** Mutual information between being in a set and the label, over the sites that have one, in bits. */
function informationOf(tally: ReadonlyMap<number, number>, sizes: ReadonlyMap<number, number>): number {
  const total = (counts: ReadonlyMap<number, number>) =>
    [...counts.values()].reduce((sum, count) => sum + count, 0)
  const [all, inside] = [total(sizes), total(tally)]
  if (all === 0) return 0
  let sum = xLogX(all) - xLogX(inside) - xLogX(all - inside)
  for (const [label, size] of sizes) {
    const count = tally.get(label) ?? 0
    sum += xLogX(count) + xLogX(size - count) - xLogX(size)
  }
  return Math.max(0, sum / all / Math.LN2)
}
