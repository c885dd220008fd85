import { adjustedRandIndex } from './adjustedRand.ts'
import { countBitFlips } from './bitFlips.ts'
import { crossTabulate, type Contingency } from './contingency.ts'
import { adjustedMutualInformation, conditionalEntropies } from './information.ts'
import { matchRegions } from './matchRegions.ts'
import { permutation, randomBelow } from './random.ts'
import { countSharedCodes } from './sharedCodes.ts'
import type { SharedSide } from './sharedSide.ts'
import type { AssignmentMetrics, BitFlips, RegionMatches } from './types.ts'

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
  bitFlips: BitFlips | null
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
  const baseline = summarize(
    a,
    b,
    sites.map((site) => b.regionOfSite[site]),
    inputs.map((input) => b.predictions[input]),
  )
  return {
    actual,
    baseline,
    sharedCodeCount: a.rows.bitCount === b.rows.bitCount ? countSharedCodes(a.hashes, b.hashes) : 0,
    matchedRegions: matchRegions(actual.table),
    bitFlips: sameLayers ? countBitFlips(a, b) : null,
  }
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
      agreement: equal.length / a.predictions.length,
    },
  }
}
