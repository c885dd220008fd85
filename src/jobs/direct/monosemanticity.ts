/** Whether regions and clusters are less mixed than directions, worked out from what is stored. */
import {
  runDirections,
  type MatchedDirections,
  type RegionGrouping,
  type SetsBesideDirections,
} from '../../../compute/directions/index.ts'
import type { Database } from '../../store/database.ts'
import { readCurves } from '../../store/directionSets.ts'
import type { ClusteringRow, DirectionSetRow, PartitionRow } from '../../store/models.ts'
import { readClusterOfRegions, readRegionLabels } from '../../store/readClusters.ts'

export type { MatchedDirections }

/** Regions, or clusters, beside directions. */
export interface Monosemanticity extends SetsBesideDirections {
  /** Null for the regions themselves. */
  clustering: ClusteringRow | null
}

/**
 * The regions of a partition with two sites at least, since one alone is never mixed, and the clusters of its computed
 * clusterings, each beside the directions of a set; none before the set is computed.
 */
export async function monosemanticity(
  db: Database,
  set: DirectionSetRow,
  partition: PartitionRow,
  clusterings: readonly ClusteringRow[],
  signal: AbortSignal,
): Promise<Monosemanticity[]> {
  if (set.computedAt === null) return []
  const { regionCount } = partition
  const every = Int32Array.from({ length: regionCount }, (_, region) => region)
  const groupings: RegionGrouping[] = [{ setOfRegion: every, setCount: regionCount, minSites: 2 }]
  const computed = clusterings.filter(({ computedAt }) => computedAt !== null)
  for (const { id, clusterCount } of computed) {
    const setOfRegion = await readClusterOfRegions(db, id, regionCount)
    groupings.push({ setOfRegion, setCount: clusterCount, minSites: 1 })
  }
  const [curves, labels] = await Promise.all([readCurves(db, set.id), readRegionLabels(db, partition.id)])
  const found = await runDirections('besideSets', { ...labels, groupings, curves }, signal)
  return found.map((beside, i) => ({ ...beside, clustering: [null, ...computed][i] }))
}
