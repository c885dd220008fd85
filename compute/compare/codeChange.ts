import { countBitFlips } from './bitFlips.ts'
import { greatest } from './greatest.ts'
import { regionSurvival, type SizeSurvival } from './regionSurvival.ts'
import { countSharedCodes } from './sharedCodes.ts'
import type { SharedSide } from './sharedSide.ts'
import { siteDistances } from './siteDistances.ts'
import type { BitFlips } from './types.ts'

/** Units and sites of a change that are told one by one. */
export const MOST_RANKED = 500

/** What changed from one network to another with the same layers, over the same sites. */
export interface CodeChange {
  flips: number
  perLayer: BitFlips['perLayer']
  /** Those with the most flips, at least one, ties in order: {@link MOST_RANKED} at most. */
  units: BitFlips['perUnit']
  /** Those with the most flips, at least one, ties in order: {@link MOST_RANKED} at most. */
  sites: { site: number; flips: number }[]
  /** Of the earlier side's regions, by ascending size. */
  survival: SizeSurvival[]
  /** Codes on both sides. */
  sharedCodeCount: number
  /** Share of the inputs with the same prediction. */
  agreement: number
}

/** What changed from a to b, two sides with the same layers. */
export function codeChange({ a, b }: { a: SharedSide; b: SharedSide }): CodeChange {
  const { total, perLayer, perUnit } = countBitFlips(a, b)
  const ofUnits = perUnit.map(({ flips }) => flips)
  const ofSites = siteDistances(a.rows, a.regionOfSite, b.rows, b.regionOfSite)
  const some = (flips: number) => flips > 0
  const equal = a.predictions.filter((label, input) => label === b.predictions[input])
  return {
    flips: total,
    perLayer,
    units: greatest(ofUnits, MOST_RANKED, some).map(({ index }) => perUnit[index]),
    sites: greatest(ofSites, MOST_RANKED, some).map(({ index, value }) => ({ site: index, flips: value })),
    survival: regionSurvival(a.regionOfSite, a.rows.rows, b.regionOfSite, b.rows.rows),
    sharedCodeCount: countSharedCodes(a.hashes, b.hashes),
    agreement: equal.length / a.predictions.length,
  }
}
