/** How the regions of one partition are split by those of another of the same sites, worked out on the spot. */
import { runComparison, type SplitOrder, type SplitRegion } from '../../../compute/compare/index.ts'
import type { Database } from '../../store/database.ts'
import { readRegionOfSites } from '../../store/memberships.ts'
import type { PartitionRow } from '../../store/models.ts'

/** Parts that are told of each region. */
const MOST_PARTS = 10

/** A part of a region: a region of the other partition, and sites in both. */
export interface RegionPart {
  partitionId: number
  region: number
  shared: number
}

/** A region and its parts. */
export interface RegionSplit extends Omit<SplitRegion, 'parts'> {
  partitionId: number
  parts: RegionPart[]
}

/** Which page of a partition's regions. */
export interface SplitPage {
  order: SplitOrder
  from: number
  first: number
}

/** A page of the regions of a partition, and how another one of the same sites splits them. */
export async function splitRegions(
  db: Database,
  partition: PartitionRow,
  by: PartitionRow,
  page: SplitPage,
  signal: AbortSignal,
): Promise<RegionSplit[]> {
  const [regions, byRegions] = await Promise.all([
    readRegionOfSites(db, partition.id),
    readRegionOfSites(db, by.id),
  ])
  const task = { regions, regionCount: partition.regionCount, by: byRegions, byCount: by.regionCount }
  const found = await runComparison('splitRegions', { ...task, ...page, parts: MOST_PARTS }, signal)
  return found.map(({ parts, ...split }) => ({
    ...split,
    partitionId: partition.id,
    parts: parts.map((part) => ({ ...part, partitionId: by.id })),
  }))
}
