/** What clusters are made of, for whole partitions at once. */
import { copyOut, copyOutBytes } from './copyOut.ts'
import type { Database } from './database.ts'
import { integersOf } from './encoding.ts'

/** Sites of every region of a partition and the labels of those, by region index. */
export interface RegionLabels {
  memberCounts: Int32Array
  /** Region, label, how many of its sites have it, then the next. */
  labelCounts: Int32Array
}

/** Sizes and labels of all regions of a partition. */
export async function readRegionLabels(db: Database, partitionId: number): Promise<RegionLabels> {
  const labels = `select int4send(r.index) || int4send(l.label) || int4send(l.count)
    from region r cross join unnest(r.labels, r.label_counts) l(label, count)
    where r.partition_id = ${partitionId} order by r.index, l.label`
  return {
    memberCounts: await readMemberCounts(db, partitionId),
    labelCounts: integersOf(await copyOutBytes(db, labels)),
  }
}

/** Sites of every region of a partition, by region index. */
export async function readMemberCounts(db: Database, partitionId: number): Promise<Int32Array> {
  const query = `select int4send(member_count) from region where partition_id = ${partitionId} order by index`
  return integersOf(await copyOutBytes(db, query))
}

/** Cluster of every region of a computed clustering, by region index; -1 for noise. */
export async function readClusterOfRegions(
  db: Database,
  clusteringId: number,
  regionCount: number,
): Promise<Int32Array> {
  const clusters = new Int32Array(regionCount).fill(-1)
  const query = `select int4send(region) || int4send(cluster) from region_cluster
    where clustering_id = ${clusteringId} and cluster is not null`
  for await (const [row] of copyOut(db, query)) if (row) clusters[row.readInt32BE(0)] = row.readInt32BE(4)
  return clusters
}
