import { matchSizes, statisticsOfSets } from './matchSizes.ts'
import type { MatchedStatistics, SetStatistics, SiteSet } from './matchSizes.ts'
import type { DirectionKind, LabelCurve } from './types.ts'

/** Regions of labelled sites, sets of them, and the curves of directions of the same sites. */
export interface BesideTask {
  /** Sites of each region. */
  memberCounts: Int32Array
  /** Region, label, how many of its sites have it, then the next. */
  labelCounts: Int32Array
  groupings: RegionGrouping[]
  curves: Record<DirectionKind, LabelCurve>
}

/** Which regions make a set together. */
export interface RegionGrouping {
  /** Set of each region, -1 for none. */
  setOfRegion: Int32Array
  setCount: number
  /** Sites that a set has at least to count. */
  minSites: number
}

/** What directions of one kind have at the sizes of some sets. */
export interface MatchedDirections {
  kind: DirectionKind
  /** Directions that are above 0 anywhere. */
  directionCount: number
  /** Null where none of them is above 0 at so many sites. */
  matched: MatchedStatistics | null
}

/** Sets of sites, and what directions have at their sizes. */
export interface SetsBesideDirections {
  sets: SetStatistics
  directions: MatchedDirections[]
}

/** Of each grouping, its sets beside directions. */
export function besideSets({
  memberCounts,
  labelCounts,
  groupings,
  curves,
}: BesideTask): SetsBesideDirections[] {
  const sizes = new Map<number, number>()
  for (let at = 0; at < labelCounts.length; at += 3) add(sizes, labelCounts[at + 1], labelCounts[at + 2])
  return groupings.map(({ setOfRegion, setCount, minSites }) => {
    const sets: SiteSet[] = Array.from({ length: setCount }, () => ({ siteCount: 0, tally: new Map() }))
    setOfRegion.forEach((set, region) => {
      if (set >= 0) sets[set].siteCount += memberCounts[region]
    })
    for (let at = 0; at < labelCounts.length; at += 3) {
      const set = setOfRegion[labelCounts[at]]
      if (set >= 0) add(sets[set].tally, labelCounts[at + 1], labelCounts[at + 2])
    }
    const counted = sets.filter(({ siteCount }) => siteCount >= minSites)
    const siteCounts = counted.map(({ siteCount }) => siteCount)
    const kinds: DirectionKind[] = ['UNIT', 'PRINCIPAL_COMPONENT', 'NON_NEGATIVE_FACTOR', 'CHANCE']
    return {
      sets: statisticsOfSets(counted, sizes),
      directions: kinds.map((kind) => ({
        kind,
        directionCount: curves[kind].directionCounts[0] ?? 0,
        matched: matchSizes(siteCounts, curves[kind]),
      })),
    }
  })
}

function add(tally: Map<number, number>, label: number, count: number): void {
  tally.set(label, (tally.get(label) ?? 0) + count)
}
