import { z } from 'zod'
import { clusterCodes, type Clustered } from '../../compute/cluster/index.ts'
import { permutation, randomBelow } from '../../compute/compare/index.ts'
import { meanLabelEntropy, summarizeRegions, type RegionSummary } from '../../compute/codes/index.ts'
import { AtlasError } from '../../compute/errors.ts'
import type { Database } from '../store/database.ts'
import { readLabels } from '../store/encoding.ts'
import { createLoaders } from '../store/loaders.ts'
import { readRegionCodes, readRegionOfSites } from '../store/memberships.ts'
import type { ClusterRow, PartitionRow } from '../store/models.ts'
import { writeClustering } from '../store/writeClustering.ts'
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
    const dataset = partition && (await loaders.datasetById.load([partition.datasetId]))
    if (!clustering || !partition || !dataset)
      throw new AtlasError('UNKNOWN_CLUSTERING', 'The clustering was deleted before its job began.')
    if (clustering.computedAt !== null) return
    const { metric, minClusterSize, minSamples } = clustering
    let reported: Promise<void> = Promise.resolve()
    const codes = await readRegionCodes(db, partition.id)
    const clustered = await clusterCodes(
      { codes, bitCount: partition.bitCount, metric, minClusterSize, minSamples },
      {
        signal,
        onProgress: (done, total) => {
          reported = context.progress(done, total)
          // A cancelled job is told by the signal as well, which stops the search.
          reported.catch(() => undefined)
        },
      },
    )
    await reported
    const sites = await sitesInClusters(db, partition, dataset.inputCount, clustered.labels)
    await writeClustering(db, clusteringId, { ...describe(clustered, sites), baselineSeed: BASELINE_SEED })
  },
})

/** The sites of the regions that are in clusters. */
interface ClusteredSites {
  /** Per region of the partition. */
  memberCounts: Int32Array
  /** Per site: its cluster, and its label or -1. */
  clusters: Int32Array
  labels: Int32Array
}

async function sitesInClusters(
  db: Database,
  { id, siteCount, regionCount, datasetId }: PartitionRow,
  inputCount: number,
  clusterOfRegion: Int32Array,
): Promise<ClusteredSites> {
  const regionOfSite = await readRegionOfSites(db, id)
  const labelOfInput = await readLabels(db, datasetId)
  const memberCounts = new Int32Array(regionCount)
  const clusters = new Int32Array(siteCount)
  const labels = new Int32Array(siteCount)
  const sitesPerInput = siteCount / inputCount
  let count = 0
  regionOfSite.forEach((region, site) => {
    memberCounts[region]++
    if (clusterOfRegion[region] < 0) return
    clusters[count] = clusterOfRegion[region]
    labels[count++] = labelOfInput[Math.floor(site / sitesPerInput)]
  })
  return { memberCounts, clusters: clusters.subarray(0, count), labels: labels.subarray(0, count) }
}

/** What is stored of a clustering. */
function describe(clustered: Clustered, { memberCounts, clusters, labels }: ClusteredSites) {
  const { clusterCount, labels: clusterOfRegion, probabilities, outlierScores, tree } = clustered
  const summarize = (labelOf: (site: number) => number) =>
    summarizeRegions(clusters, clusterCount, labelOf, new Float32Array(clusters.length))
  const summary = summarize((site) => labels[site])
  const order = permutation(labels.length, randomBelow(BASELINE_SEED))
  const shuffled = summarize((site) => labels[order[site]])
  const noise = [...clusterOfRegion.keys()].filter((region) => clusterOfRegion[region] < 0)
  return {
    noiseRegionCount: noise.length,
    noiseMemberCount: noise.reduce((sum, region) => sum + memberCounts[region], 0),
    labelEntropy: meanLabelEntropy(summary),
    baselineLabelEntropy: meanLabelEntropy(shuffled),
    clusters: clusterRows(clustered, summary, memberCounts),
    regions: { cluster: clusterOfRegion, probability: probabilities, outlierScore: outlierScores },
    nodes: tree,
  }
}

function clusterRows(
  { clusterCount, labels, probabilities, tree }: Clustered,
  summary: RegionSummary,
  memberCounts: Int32Array,
): Omit<ClusterRow, 'clusteringId' | 'index'>[] {
  const regionCounts = new Int32Array(clusterCount)
  const exemplars = new Int32Array(clusterCount).fill(-1)
  const isBetter = (region: number, other: number) =>
    probabilities[region] > probabilities[other] ||
    (probabilities[region] === probabilities[other] && memberCounts[region] > memberCounts[other])
  labels.forEach((cluster, region) => {
    if (cluster < 0) return
    regionCounts[cluster]++
    if (exemplars[cluster] < 0 || isBetter(region, exemplars[cluster])) exemplars[cluster] = region
  })
  const nodes = new Map(Array.from(tree.cluster, (cluster, node) => [cluster, node]))
  return Array.from(regionCounts, (regionCount, cluster) => ({
    regionCount,
    memberCount: summary.memberCounts[cluster],
    exemplarRegion: exemplars[cluster],
    node: nodes.get(cluster) ?? 0,
    label: summary.labels[cluster] < 0 ? null : summary.labels[cluster],
    labels: summary.distinctLabels[cluster],
    labelCounts: summary.labelCounts[cluster],
    labelEntropy: summary.labelEntropies[cluster],
    purity: summary.purities[cluster],
  }))
}
