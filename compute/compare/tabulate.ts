import { adjustedRandIndex } from './adjustedRand.ts'
import { alignUnits } from './alignUnits.ts'
import { countBitFlips } from './bitFlips.ts'
import { crossTabulate, type Contingency } from './contingency.ts'
import { adjustedMutualInformation, conditionalEntropies } from './information.ts'
import { matchRegions } from './matchRegions.ts'
import { permutation, randomBelow } from './random.ts'
import { matchMostSites } from './regionOverlap.ts'
import { countSharedCodes } from './sharedCodes.ts'
import type { SharedSide } from './sharedSide.ts'
import type { AssignmentMetrics, FlipCounts, FlipsResult, RegionMatches } from './types.ts'

/** Two sides to tabulate, and the seed of the baseline. */
export interface TabulateTask {
  a: SharedSide
  b: SharedSide
  sameLayers: boolean
  seed: number
}

/** A cross table with the metrics that need no pairs of sites. */
export interface TableSummary {
  table: Contingency
  metrics: AssignmentMetrics & { agreement: number }
}

/** Everything that takes one pass over the sites. */
export interface Tabulation {
  actual: TableSummary
  baseline: TableSummary
  sharedCodeCount: number
  matchedRegions: RegionMatches
  flips: FlipsResult | null
}

/**
 * Tabulates the two sides as they are, and with b's sites permuted. Predictions move with the sites where each input
 * is one site; else the inputs are permuted on their own.
 */
export function tabulate({ a, b, sameLayers, seed }: TabulateTask): Tabulation {
  const actual = summarize(a, b, b.regionOfSite, b.predictions)
  const below = randomBelow(seed)
  const sites = permutation(b.regionOfSite.length, below)
  const inputs = b.predictions.length === sites.length ? sites : permutation(b.predictions.length, below)
  const regionOfSite = sites.map((site) => b.regionOfSite[site])
  const baseline = summarize(
    a,
    b,
    regionOfSite,
    inputs.map((input) => b.predictions[input]),
  )
  return {
    actual,
    baseline,
    sharedCodeCount: a.rows.bitCount === b.rows.bitCount ? countSharedCodes(a.hashes, b.hashes) : 0,
    matchedRegions: matchRegions(actual.table),
    flips: sameLayers ? countFlips(a, b, regionOfSite) : null,
  }
}

/** @param permuted region of b of each site, the sites in random order */
function countFlips(a: SharedSide, b: SharedSide, permuted: Int32Array): FlipsResult {
  return {
    bitFlips: countBitFlips(a, b),
    alignedBitFlips: alignUnits(a, b, b.regionOfSite),
    baseline: {
      bitFlips: byLayer(countBitFlips(a, { ...b, regionOfSite: permuted })),
      alignedBitFlips: byLayer(alignUnits(a, b, permuted)),
    },
  }
}

function byLayer({ total, perLayer }: FlipCounts): FlipCounts {
  return { total, perLayer }
}

function summarize(
  a: SharedSide,
  b: SharedSide,
  regionB: Int32Array,
  predictionsB: Int32Array,
): TableSummary {
  const table = crossTabulate(a.regionOfSite, a.rows.rows, regionB, b.rows.rows)
  const { aGivenB, bGivenA } = conditionalEntropies(table)
  const equal = a.predictions.filter((label, input) => label === predictionsB[input])
  return {
    table,
    metrics: {
      adjustedMutualInformation: adjustedMutualInformation(table),
      adjustedRandIndex: adjustedRandIndex(table),
      variationOfInformation: aGivenB + bGivenA,
      conditionalEntropyAGivenB: aGivenB,
      conditionalEntropyBGivenA: bGivenA,
      regionOverlap: overlapOf(table),
      agreement: equal.length / a.predictions.length,
    },
  }
}

function overlapOf(table: Contingency): number {
  const matched = matchMostSites(table).reduce((sum, cell) => sum + table.count[cell], 0)
  return matched / table.siteCount
}
