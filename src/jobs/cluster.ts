import { z } from 'zod'
import {
  clusterCodes,
  clusterPoints,
  describeClusters,
  type Clustered,
  type ClusterOptions,
  type ClustersDescription,
} from '../../compute/cluster/index.ts'
import { AtlasError } from '../../compute/errors.ts'
import type { Database } from '../store/database.ts'
import { createLoaders } from '../store/loaders.ts'
import { readRegionCodes } from '../store/memberships.ts'
import type { ClusteringRow, PartitionRow } from '../store/models.ts'
import { readRegionLabels } from '../store/readClusters.ts'
import { writeClustering, type NewClustering } from '../store/writeClustering.ts'
import { meanActivations } from './meanActivations.ts'
import { defineTask } from './task.ts'

/** Seed of the baseline's permutation: one for all, so that a clustering computed again is the same. */
const BASELINE_SEED = 1

/** Clusters the regions of a partition and stores what comes out. Counts regions, twice: see `clusterCodes`. */
export const clusterTask = defineTask({
  kind: 'cluster',
  payload: z.object({ clusteringId: z.int() }),
  async run(context, { clusteringId }) {
    const { db, signal } = context
    const loaders = createLoaders(db)
    const clustering = await loaders.clusteringById.load([clusteringId])
    const partition = clustering && (await loaders.partitionById.load([clustering.partitionId]))
    if (!partition)
      throw new AtlasError('UNKNOWN_CLUSTERING', 'The clustering was deleted before its job began.')
    if (clustering.computedAt !== null) return
    let reported: Promise<void> = Promise.resolve()
    const clustered = await clusterRegions(db, clustering, partition, {
      signal,
      onProgress: (done, total) => {
        reported = context.progress(done, total)
        // A cancelled job is told by the signal as well, which stops the search.
        reported.catch(() => undefined)
      },
    })
    await reported
    const members = await readRegionLabels(db, partition.id)
    const { clusterCount, labels: clusters, probabilities } = clustered
    const description = await describeClusters(
      { clusterCount, clusters, probabilities, ...members, seed: BASELINE_SEED },
      signal,
    )
    await writeClustering(db, clusteringId, storedClustering(clustered, description))
  },
})

/** By the codes of the regions, or by their activations. */
async function clusterRegions(
  db: Database,
  { metric, minClusterSize, minSamples }: ClusteringRow,
  { id, bitCount }: PartitionRow,
  options: ClusterOptions & { signal: AbortSignal },
): Promise<Clustered> {
  const sizes = { minClusterSize, minSamples }
  if (metric === 'EUCLIDEAN')
    return clusterPoints({ ...(await meanActivations(db, id, options.signal)), ...sizes }, options)
  return clusterCodes({ codes: await readRegionCodes(db, id), bitCount, metric, ...sizes }, options)
}

function storedClustering(
  { labels: cluster, probabilities: probability, outlierScores: outlierScore, tree }: Clustered,
  { clusters, noiseRowCount, noiseMemberCount, labelEntropy, baselineLabelEntropy }: ClustersDescription,
): NewClustering {
  const nodes = new Map(Array.from(tree.cluster, (chosen, node) => [chosen, node]))
  return {
    noiseRegionCount: noiseRowCount,
    ...{ noiseMemberCount, labelEntropy, baselineLabelEntropy, baselineSeed: BASELINE_SEED },
    clusters: clusters.map(({ rowCount: regionCount, exemplar: exemplarRegion, ...described }, index) => ({
      ...described,
      regionCount,
      exemplarRegion,
      node: nodes.get(index) ?? 0,
    })),
    regions: { cluster, probability, outlierScore },
    nodes: tree,
  }
}
