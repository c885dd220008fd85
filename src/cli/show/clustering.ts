import { AtlasError } from '../../../compute/errors.ts'
import { clusterOrders } from '../../store/clusters.ts'
import { existing } from '../../store/existing.ts'
import type { Loaders } from '../../store/loaders.ts'
import type { ClusteringRow, ClusterRow } from '../../store/models.ts'
import { clusteringSuffix, type ClusteringKey } from '../../store/path.ts'
import { regionOrders } from '../../store/regions.ts'
import { count, decimal, moment } from '../format.ts'
import { findClusteringByKey } from '../resolve.ts'
import type { AtlasCli } from '../session.ts'
import { fields, section, sections, table } from '../text.ts'
import { partitionView, regionView } from '../views.ts'
import type { Answer } from './answer.ts'
import { topLabels } from './labels.ts'

const SHOWN = 10

/** A clustering with its greatest clusters. */
export async function clusteringAnswer({ loaders }: AtlasCli, row: ClusteringRow): Promise<Answer> {
  const { clustering, classNames } = await clusteringView(loaders, row)
  const page = await loaders.clusters.page([row.id], { first: SHOWN, order: clusterOrders.MEMBER_COUNT_DESC })
  const clusters = page.rows.map((entry) => clusterView(clustering.path, entry))
  const rows = clusters.map((cluster) => [
    cluster.path,
    cluster.regionCount,
    cluster.memberCount,
    decimal(cluster.purity),
    topLabels(cluster.labelCounts, classNames, 3),
  ])
  const computed = clustering.computedAt !== null
  const about = fields([
    ['clustering', clustering.path],
    ['clusters', computed ? clustering.clusterCount : 'not computed'],
    [
      'noise',
      computed
        ? `${count(clustering.noiseRegionCount)} regions, ${count(clustering.noiseMemberCount)} sites`
        : null,
    ],
    [
      'label entropy',
      computed
        ? `${decimal(clustering.labelEntropy)} bits, ${decimal(clustering.baselineLabelEntropy)} with labels at random`
        : null,
    ],
    ['computed', clustering.computedAt && moment(clustering.computedAt)],
  ])
  const greatest = table(['path', 'regions', 'members', 'purity', 'labels'], rows)
  return {
    document: { kind: 'clustering', ...clustering, greatestClusters: clusters },
    text: sections(about, rows.length === 0 ? null : section('Greatest clusters', greatest)),
  }
}

/** A cluster with its most populous regions. Throws UNKNOWN_PARTITION, UNKNOWN_CLUSTERING, UNKNOWN_CLUSTER. */
export async function clusterAnswer(
  { loaders }: AtlasCli,
  key: ClusteringKey & { index: number },
): Promise<Answer> {
  const row = await findClusteringByKey(loaders, key)
  const { clustering, partition, classNames } = await clusteringView(loaders, row)
  const found = await loaders.cluster.load([row.id, key.index])
  if (!found)
    throw new AtlasError(
      'UNKNOWN_CLUSTER',
      `The clustering "${clustering.path}" has ${row.clusterCount} clusters, numbered from 0: there is no ${key.index}.`,
    )
  const cluster = clusterView(clustering.path, found)
  const page = await loaders.regionsOfCluster.page([row.id, found.index], {
    first: SHOWN,
    order: regionOrders.MEMBER_COUNT_DESC,
  })
  const regions = page.rows.map((entry) => regionView(partition, entry))
  const rows = regions.map(({ path, memberCount, purity, labelCounts }) => [
    path,
    memberCount,
    decimal(purity),
    topLabels(labelCounts, classNames, 3),
  ])
  const exemplar = existing(await loaders.region.load([row.partitionId, found.exemplarRegion]))
  const about = fields([
    ['cluster', cluster.path],
    ['regions', cluster.regionCount],
    ['members', cluster.memberCount],
    ['labels', topLabels(cluster.labelCounts, classNames, 10)],
    ['label entropy', `${decimal(cluster.labelEntropy)} bits`],
    ['purity', decimal(cluster.purity)],
    ['exemplar', `${partition.path}/${exemplar.codeHash}`],
  ])
  return {
    document: { kind: 'cluster', ...cluster, biggestRegions: regions },
    text: sections(about, section('Biggest regions', table(['path', 'members', 'purity', 'labels'], rows))),
  }
}

async function clusteringView(loaders: Loaders, row: ClusteringRow) {
  const partitionRow = existing(await loaders.partitionById.load([row.partitionId]))
  const partition = await partitionView(loaders, partitionRow)
  const dataset = existing(await loaders.datasetById.load([partitionRow.datasetId]))
  const { metric, minClusterSize, minSamples, clusterCount, noiseRegionCount, noiseMemberCount } = row
  const { labelEntropy, baselineLabelEntropy, baselineSeed, jobId, computedAt, createdAt } = row
  const clustering = {
    path: `${partition.path}/${clusteringSuffix(row)}`,
    partition: partition.path,
    ...{ metric, minClusterSize, minSamples, clusterCount, noiseRegionCount, noiseMemberCount },
    ...{ labelEntropy, baselineLabelEntropy, baselineSeed, jobId, computedAt, createdAt },
  }
  return { clustering, partition, classNames: dataset.classNames }
}

function clusterView(clusteringPath: string, row: ClusterRow) {
  const { index, regionCount, memberCount, labels, labelCounts, labelEntropy, purity } = row
  return {
    path: `${clusteringPath}/${index}`,
    ...{ regionCount, memberCount, labelEntropy, purity },
    labelCounts: labels.map((label, i) => ({ label, count: labelCounts[i] })),
  }
}
