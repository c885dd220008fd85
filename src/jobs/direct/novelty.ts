/** How far a site lies from all that a partition holds. */
import { AtlasError } from '../../../compute/errors.ts'
import type { Loaders } from '../../store/loaders.ts'
import type { InputRow, PartitionRow } from '../../store/models.ts'
import type { DistanceCount } from '../../store/nearestDistances.ts'
import { codeOfSite } from './codeOfSite.ts'
import type { NearRegion } from './nearestRegions.ts'
import type { Scans } from './scans.ts'

/** A site's distance to the nearest other site, and its place among those of the partition's sites. */
export interface SiteNovelty extends NearRegion {
  /** 0 to 1. */
  percentile: number
}

/**
 * The novelty of one site of an input; null where the partition has no such site, or no other. Throws NOT_COMPUTED where
 * neighbours, or the codes of an input of another dataset, are not stored.
 */
export async function siteNovelty(
  loaders: Loaders,
  scans: Scans,
  partition: PartitionRow,
  input: InputRow,
  position: number,
): Promise<SiteNovelty | null> {
  if (partition.neighborCount === null)
    throw new AtlasError(
      'NOT_COMPUTED',
      'The distances between the regions of the partition are not stored: run `computeNeighbors` on it first.',
    )
  const nearest =
    input.datasetId === partition.datasetId
      ? await nearestToMember(loaders, partition, input, position)
      : await nearestToStranger(loaders, scans, partition, input, position)
  if (!nearest) return null
  const counts = await loaders.nearestDistances.load([partition.id])
  return { ...nearest, percentile: percentileOf(nearest.distance, counts) }
}

/** A site of the partition itself. */
async function nearestToMember(
  loaders: Loaders,
  { id }: PartitionRow,
  { index }: InputRow,
  position: number,
): Promise<NearRegion | null> {
  const own = await loaders.regionOfSite.load([id, index, position])
  if (!own) return null
  if (own.memberCount > 1) return { region: own.index, distance: 0 }
  const neighbors = await loaders.neighbors([id, own.index, 1])
  return neighbors.map(({ index: region, distance }) => ({ region, distance })).at(0) ?? null
}

/** A site of another dataset. */
async function nearestToStranger(
  loaders: Loaders,
  scans: Scans,
  partition: PartitionRow,
  input: InputRow,
  position: number,
): Promise<NearRegion | null> {
  const code = await codeOfSite(loaders, partition, input, position)
  return code && scans.nearestToCode({ partition, code })
}

/** The share of sites that are nearer to another one, with half of those that are as near. */
function percentileOf(distance: number, counts: readonly DistanceCount[]): number {
  let below = 0
  let all = 0
  for (const row of counts) {
    all += row.sites
    if (row.distance < distance) below += row.sites
    else if (row.distance === distance) below += row.sites / 2
  }
  return below / all
}
