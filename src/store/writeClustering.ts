import { copyInto, ROWS_A_FLUSH } from './copy.ts'
import { sql, type Database, type Transaction } from './database.ts'
import type { ClusteringRow, ClusterRow } from './models.ts'

/** A computed clustering to store. */
export interface NewClustering extends Pick<
  ClusteringRow,
  'noiseRegionCount' | 'noiseMemberCount' | 'labelEntropy' | 'baselineLabelEntropy' | 'baselineSeed'
> {
  /** By index. */
  clusters: Omit<ClusterRow, 'clusteringId' | 'index'>[]
  /** One entry a region. */
  regions: { cluster: Int32Array; probability: Float64Array; outlierScore: Float64Array }
  /** One entry a node of the condensed tree; -1 where there is no parent or cluster. */
  nodes: {
    parent: Int32Array
    birth: Float64Array
    death: Float64Array
    size: Int32Array
    stability: Float64Array
    cluster: Int32Array
  }
}

/** Stores a clustering and marks it as computed, in one transaction; one that is computed stays as it is. */
export async function writeClustering(db: Database, id: number, found: NewClustering): Promise<void> {
  await db.transaction(async (tx) => {
    const { noiseRegionCount, noiseMemberCount, labelEntropy, baselineLabelEntropy, baselineSeed } = found
    const marked = await tx.query(
      sql`update clustering set cluster_count = ${found.clusters.length}, noise_region_count = ${noiseRegionCount},
            noise_member_count = ${noiseMemberCount}, label_entropy = ${labelEntropy},
            baseline_label_entropy = ${baselineLabelEntropy}, baseline_seed = ${baselineSeed},
            computed_at = clock_timestamp()
          where id = ${id} and computed_at is null returning id`,
    )
    if (marked.length === 0) return
    await copyClusters(tx, id, found.clusters)
    await copyRegions(tx, id, found.regions)
    await copyNodes(tx, id, found.nodes)
  })
}

async function copyClusters(tx: Transaction, id: number, clusters: NewClustering['clusters']): Promise<void> {
  const columns = [
    'clustering_id',
    'index',
    'region_count',
    'member_count',
    'exemplar_region',
    'node',
    'label',
  ]
  columns.push('labels', 'label_counts', 'label_entropy', 'purity')
  await copyInto(tx, 'cluster', columns, async (rows) => {
    for (const [index, cluster] of clusters.entries()) {
      rows.row()
      rows.int4(id)
      rows.int4(index)
      rows.int4(cluster.regionCount)
      rows.int4(cluster.memberCount)
      rows.int4(cluster.exemplarRegion)
      rows.int4(cluster.node)
      if (cluster.label === null) rows.null()
      else rows.int4(cluster.label)
      rows.int4Array(cluster.labels)
      rows.int4Array(cluster.labelCounts)
      rows.float8(cluster.labelEntropy)
      rows.float8(cluster.purity)
      if (index % ROWS_A_FLUSH === 0) await rows.flush()
    }
  })
}

async function copyRegions(tx: Transaction, id: number, regions: NewClustering['regions']): Promise<void> {
  const columns = ['clustering_id', 'region', 'cluster', 'probability', 'outlier_score']
  await copyInto(tx, 'region_cluster', columns, async (rows) => {
    for (const [region, cluster] of regions.cluster.entries()) {
      rows.row()
      rows.int4(id)
      rows.int4(region)
      if (cluster < 0) rows.null()
      else rows.int4(cluster)
      rows.float8(regions.probability[region])
      rows.float8(regions.outlierScore[region])
      if (region % ROWS_A_FLUSH === 0) await rows.flush()
    }
  })
}

async function copyNodes(tx: Transaction, id: number, nodes: NewClustering['nodes']): Promise<void> {
  const columns = [
    'clustering_id',
    'index',
    'parent',
    'birth',
    'death',
    'region_count',
    'stability',
    'cluster',
  ]
  await copyInto(tx, 'condensed_node', columns, async (rows) => {
    for (const [index, parent] of nodes.parent.entries()) {
      rows.row()
      rows.int4(id)
      rows.int4(index)
      if (parent < 0) {
        rows.null()
        rows.null()
      } else {
        rows.int4(parent)
        rows.float8(nodes.birth[index])
      }
      rows.float8(nodes.death[index])
      rows.int4(nodes.size[index])
      rows.float8(nodes.stability[index])
      if (nodes.cluster[index] < 0) rows.null()
      else rows.int4(nodes.cluster[index])
      if (index % ROWS_A_FLUSH === 0) await rows.flush()
    }
  })
}
