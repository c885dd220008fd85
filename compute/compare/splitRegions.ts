import { expectedXLogX, xLogX } from './hypergeometric.ts'
import { countEqual, crossTabulate } from './contingency.ts'

/** How regions of one partition are cut by another of the same sites. */
export interface SplitTask {
  /** Region of each site, of the partition whose regions are cut. */
  regions: Int32Array
  regionCount: number
  /** Region of each site in the partition that cuts them. */
  by: Int32Array
  byCount: number
  order: SplitOrder
  /** Begins behind the region with this rank in the order. */
  from: number
  /** Regions at most. */
  first: number
  /** Parts of a region at most. */
  parts: number
}

/** Most first; of equal ones the lower region first. */
export type SplitOrder = 'ENTROPY' | 'PARTS' | 'MEMBERS'

/** A region and its parts. */
export interface SplitRegion {
  region: number
  memberCount: number
  /** Number of regions of the other partition that hold its sites. */
  partCount: number
  /** Of the parts, bits. */
  entropy: number
  /** What it would be on average of as many sites drawn at random. */
  baselineEntropy: number
  /** The greatest parts: region of the other partition, and sites in both. */
  parts: { region: number; shared: number }[]
}

/** Some regions in order. */
export function splitRegions(task: SplitTask): SplitRegion[] {
  const { order, from, first } = task
  const table = crossTabulate(task.regions, task.regionCount, task.by, task.byCount)
  const starts = new Int32Array(task.regionCount + 1)
  for (const region of table.a) starts[region + 1]++
  for (let region = 0; region < task.regionCount; region++) starts[region + 1] += starts[region]
  const cellsOf = (region: number) => table.count.subarray(starts[region], starts[region + 1])
  const entropyOf = (region: number) => {
    const members = table.sizesA[region]
    const within = cellsOf(region).reduce((sum, count) => sum + xLogX(count), 0)
    return Math.max(0, (Math.log(members) - within / members) / Math.LN2)
  }
  const partCounts = starts.subarray(1).map((end, region) => end - starts[region])
  const entropies = Float64Array.from({ length: task.regionCount }, (_, region) => entropyOf(region))
  const keys = { ENTROPY: entropies, PARTS: partCounts, MEMBERS: table.sizesA }[order]
  const ranked = Int32Array.from(keys.keys()).sort((x, y) => keys[y] - keys[x] || x - y)
  const sizes = countEqual(table.sizesB)
  return Array.from(ranked.subarray(from, from + first), (region) => {
    const memberCount = table.sizesA[region]
    const parts = Array.from(cellsOf(region), (shared, i) => ({
      region: table.b[starts[region] + i],
      shared,
    }))
    const byChance = sizes.values.reduce(
      (sum, size, i) => sum + sizes.times[i] * expectedXLogX(table.siteCount, memberCount, size),
      0,
    )
    return {
      region,
      memberCount,
      partCount: partCounts[region],
      entropy: entropies[region],
      baselineEntropy: Math.max(0, (Math.log(memberCount) - byChance / memberCount) / Math.LN2),
      parts: parts.sort((x, y) => y.shared - x.shared || x.region - y.region).slice(0, task.parts),
    }
  })
}
