/** All clusters of a clustering and what it says of each region, as flat rows, read batch by batch. */
import { AtlasError } from '../../compute/errors.ts'
import { sql, type Database } from './database.ts'

/** A cluster as it is exported; the words are those of the GraphQL schema. */
export interface ExportedCluster {
  /** Path of the clustering. */
  clustering: string
  cluster: number
  regionCount: number
  memberCount: number
  /** Region deepest inside. */
  exemplarRegion: number
  /** Most frequent label; null where the dataset has none. */
  label: number | null
  /** Distinct labels of the sites, ascending, and how many have each. */
  labels: number[]
  labelCounts: number[]
  labelEntropy: number
  purity: number
  stability: number
}

/** What a clustering says of a region. */
export interface ExportedRegionCluster {
  clustering: string
  /** As in an export of the partition. */
  region: number
  codeHash: string
  memberCount: number
  /** Null for noise. */
  cluster: number | null
  probability: number
  outlierScore: number
}

const BATCH = 8192

/** A computed clustering and its path. */
export interface ClusteringSubject {
  id: number
  path: string
  clusterCount: number
  regionCount: number
}

/** Batches of clusters. Throws CLUSTERING_DELETED where rows vanish meanwhile, rather than leave some out. */
export function exportClusters(db: Database, subject: ClusteringSubject): AsyncGenerator<ExportedCluster[]> {
  return inBatches(subject, subject.clusterCount, (from) =>
    db.query<Omit<ExportedCluster, 'clustering'>>(
      sql`select c.index as cluster, c.region_count as "regionCount", c.member_count as "memberCount",
            c.exemplar_region as "exemplarRegion", c.label, c.labels, c.label_counts as "labelCounts",
            c.label_entropy as "labelEntropy", c.purity, v.stability
          from cluster c join condensed_node v on v.clustering_id = c.clustering_id and v.index = c.node
          where c.clustering_id = ${subject.id} and c.index >= ${from} and c.index < ${from + BATCH}
          order by c.index`,
    ),
  )
}

/** Batches of regions. Throws CLUSTERING_DELETED as `exportClusters` does. */
export function exportRegionClusters(
  db: Database,
  subject: ClusteringSubject,
): AsyncGenerator<ExportedRegionCluster[]> {
  return inBatches(subject, subject.regionCount, (from) =>
    db.query<Omit<ExportedRegionCluster, 'clustering'>>(
      sql`select m.region, replace(r.code_hash::text, '-', '') as "codeHash", r.member_count as "memberCount",
            m.cluster, m.probability, m.outlier_score as "outlierScore"
          from region_cluster m
          join clustering t on t.id = m.clustering_id
          join region r on r.partition_id = t.partition_id and r.index = m.region
          where m.clustering_id = ${subject.id} and m.region >= ${from} and m.region < ${from + BATCH}
          order by m.region`,
    ),
  )
}

async function* inBatches<Row>(
  { path }: ClusteringSubject,
  total: number,
  read: (from: number) => Promise<Row[]>,
): AsyncGenerator<(Row & { clustering: string })[]> {
  for (let from = 0; from < total; from += BATCH) {
    const rows = await read(from)
    if (rows.length !== Math.min(BATCH, total - from))
      throw new AtlasError(
        'CLUSTERING_DELETED',
        `The clustering "${path}" was deleted while it was read: nothing was kept of the export.`,
      )
    yield rows.map((row) => ({ clustering: path, ...row }))
  }
}
