import { inKeyOrder, pageLoader, tupleLoader } from './batch.ts'
import { columnsOf } from './columnsOf.ts'
import { raw, sql, type Database, type Sql } from './database.ts'
import type { ClusterRow, CondensedNodeRow, RegionClusterRow, RegionRow } from './models.ts'
import type { Order } from './page.ts'
import { REGION_COLUMNS } from './regionColumns.ts'

const CLUSTER_COLUMNS =
  raw(`c.clustering_id as "clusteringId", c.index, c.region_count as "regionCount", c.member_count as "memberCount",
  c.exemplar_region as "exemplarRegion", c.node, c.label, c.labels, c.label_counts as "labelCounts",
  c.label_entropy as "labelEntropy", c.purity`)

const NODE_COLUMNS =
  raw(`v.clustering_id as "clusteringId", v.index, v.parent, v.birth, v.death, v.region_count as "regionCount",
  v.stability, v.cluster`)

export const condensedNodeOrder: Order = { columns: [['v.index', 'int4']] }

const by = (expression: string, type: string, descending: boolean): Order => ({
  columns: [
    [expression, type],
    ['c.index', 'int4'],
  ],
  descending,
})

/** Orders of `Clustering.clusters`; each is served by an index of the table. By number they have the most regions first. */
export const clusterOrders = {
  INDEX_ASC: { columns: [['c.index', 'int4']] } as Order,
  MEMBER_COUNT_ASC: by('c.member_count', 'int4', false),
  MEMBER_COUNT_DESC: by('c.member_count', 'int4', true),
  LABEL_ENTROPY_ASC: by('c.label_entropy', 'float8', false),
  LABEL_ENTROPY_DESC: by('c.label_entropy', 'float8', true),
} satisfies Record<string, Order>

/** Loaders of clusters, of the trees that they are cut from, and of their regions; one set a request. */
export function clusterLoaders(db: Database) {
  return {
    /** By (clustering, index). */
    cluster: tupleLoader<[number, number], ClusterRow | null>(async (keys) => {
      const [clusterings, indices] = columnsOf(keys, 2)
      const rows = await db.query<ClusterRow>(
        sql`select ${CLUSTER_COLUMNS} from unnest(${clusterings}::int4[], ${indices}::int4[]) k(clustering_id, index)
            join cluster c using (clustering_id, index)`,
      )
      return inKeyOrder(keys, rows, (row) => [row.clusteringId, row.index])
    }),
    clusters: pageLoader<ClusterRow>(db, {
      columns: CLUSTER_COLUMNS,
      from: raw('cluster c'),
      parent: [['c.clustering_id', 'int4']],
    }),
    regionsOfCluster: pageLoader<RegionRow>(db, {
      columns: REGION_COLUMNS,
      from: raw(`region_cluster m join clustering t on t.id = m.clustering_id
        join region r on r.partition_id = t.partition_id and r.index = m.region`),
      parent: [
        ['m.clustering_id', 'int4'],
        ['m.cluster', 'int4'],
      ],
    }),
    condensedNodes: pageLoader<CondensedNodeRow>(db, {
      columns: NODE_COLUMNS,
      from: raw('condensed_node v'),
      parent: [['v.clustering_id', 'int4']],
    }),
    /** By (clustering, index). */
    condensedNode: tupleLoader<[number, number], CondensedNodeRow | null>(async (keys) => {
      const [clusterings, indices] = columnsOf(keys, 2)
      const rows = await db.query<CondensedNodeRow>(
        sql`select ${NODE_COLUMNS} from unnest(${clusterings}::int4[], ${indices}::int4[]) k(clustering_id, index)
            join condensed_node v using (clustering_id, index)`,
      )
      return inKeyOrder(keys, rows, (row) => [row.clusteringId, row.index])
    }),
    /** What a clustering says of a region, by (clustering, region). */
    regionCluster: tupleLoader<[number, number], RegionClusterRow | null>(async (keys) => {
      const [clusterings, regions] = columnsOf(keys, 2)
      const rows = await db.query<RegionClusterRow>(
        sql`select m.clustering_id as "clusteringId", m.region, m.cluster, m.probability,
              m.outlier_score as "outlierScore"
            from unnest(${clusterings}::int4[], ${regions}::int4[]) k(clustering_id, region)
            join region_cluster m using (clustering_id, region)`,
      )
      return inKeyOrder(keys, rows, (row) => [row.clusteringId, row.region])
    }),
  }
}

/** What identifies a cluster in the store. */
export interface ClusterKey {
  clusteringId: number
  index: number
}

/** Condition for the regions, in a table `r`, of one cluster. */
export function inCluster({ clusteringId, index }: ClusterKey): Sql {
  return sql`exists (select from region_cluster m where m.clustering_id = ${clusteringId}::int4
    and m.cluster = ${index}::int4 and m.region = r.index)`
}
