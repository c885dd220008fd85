import { groupInKeyOrder, inKeyOrder, tupleLoader } from './batch.ts'
import { columnsOf } from './columnsOf.ts'
import type { ClusteringParameters } from './createClustering.ts'
import { raw, sql, type Database } from './database.ts'
import type { ClusteringRow } from './models.ts'

const COLUMNS = raw(`t.id, t.partition_id as "partitionId", t.metric, t.min_cluster_size as "minClusterSize",
  t.min_samples as "minSamples", t.cluster_count as "clusterCount", t.noise_region_count as "noiseRegionCount",
  t.noise_member_count as "noiseMemberCount", t.label_entropy as "labelEntropy",
  t.baseline_label_entropy as "baselineLabelEntropy", t.baseline_seed as "baselineSeed",
  t.computed_at as "computedAt", t.job_id as "jobId", t.created_at as "createdAt"`)

/** A clustering's natural key as a tuple: partition, metric, minClusterSize, minSamples. */
export type ClusteringTuple = [number, string, number, number]

export function clusteringTuple(partitionId: number, key: ClusteringParameters): ClusteringTuple {
  return [partitionId, key.metric, key.minClusterSize, key.minSamples]
}

/** Loaders of clusterings; one set a request. */
export function clusteringLoaders(db: Database) {
  return {
    clusteringById: tupleLoader<[number], ClusteringRow | null>(async (keys) => {
      const ids = keys.map(([id]) => id)
      const rows = await db.query<ClusteringRow>(
        sql`select ${COLUMNS} from clustering t where t.id = any(${ids}::int4[])`,
      )
      return inKeyOrder(keys, rows, (row) => [row.id])
    }),
    clusteringByKey: tupleLoader<ClusteringTuple, ClusteringRow | null>(async (keys) => {
      const [partitions, metrics, sizes, samples] = columnsOf(keys, 4)
      const rows = await db.query<ClusteringRow>(
        sql`select ${COLUMNS} from unnest(${partitions}::int4[], ${metrics}::text[], ${sizes}::int4[],
              ${samples}::int4[]) k(partition_id, metric, min_cluster_size, min_samples)
            join clustering t on t.partition_id = k.partition_id and t.metric::text = k.metric
              and t.min_cluster_size = k.min_cluster_size and t.min_samples = k.min_samples`,
      )
      return inKeyOrder(keys, rows, (row) => clusteringTuple(row.partitionId, row))
    }),
    clusteringsOfPartition: tupleLoader<[number], ClusteringRow[]>(async (keys) => {
      const ids = keys.map(([id]) => id)
      const rows = await db.query<ClusteringRow>(
        sql`select ${COLUMNS} from clustering t where t.partition_id = any(${ids}::int4[]) order by t.id`,
      )
      return groupInKeyOrder(keys, rows, (row) => [row.partitionId])
    }),
  }
}
