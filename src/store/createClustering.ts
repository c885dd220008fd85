import { AtlasError } from '../../compute/errors.ts'
import type { PrismaTransaction } from './database.ts'
import type { RegionMetric, PartitionRow } from './models.ts'

/** What identifies a clustering of a partition. */
export interface ClusteringParameters {
  metric: RegionMetric
  /** Regions that a cluster has at least. */
  minClusterSize: number
  /** Regions, itself among them, that make the neighbourhood of a region dense. */
  minSamples: number
}

/** The clustering with these parameters, created empty where there is none. */
export interface PreparedClustering {
  id: number
  computed: boolean
  /** The job that last worked on it. */
  jobId: string | null
}

/**
 * Finds or creates a clustering of a computed partition; its clusters come later, from its job.
 *
 * @throws AtlasError BAD_ARGUMENT (sizes)
 */
export async function prepareClustering(
  tx: PrismaTransaction,
  partition: PartitionRow,
  { metric, minClusterSize, minSamples }: ClusteringParameters,
): Promise<PreparedClustering> {
  checkSize('minClusterSize', minClusterSize, 2, partition)
  checkSize('minSamples', minSamples, 1, partition)
  // Requests for one partition wait for each other here.
  await tx.$executeRaw`select from partition where id = ${partition.id} for no key update`
  const natural = { partitionId: partition.id, metric, minClusterSize, minSamples }
  const { id, computedAt, jobId } = await tx.clustering.upsert({
    where: { partitionId_metric_minClusterSize_minSamples: natural },
    create: natural,
    update: {},
  })
  return { id, computed: computedAt !== null, jobId }
}

function checkSize(name: string, value: number, least: number, { regionCount }: PartitionRow): void {
  if (value >= least && value <= regionCount) return
  throw new AtlasError(
    'BAD_ARGUMENT',
    regionCount < least
      ? `The partition has ${regionCount} regions: choose one with at least ${least} to cluster.`
      : `${name} is ${value}: choose a number from ${least} to ${regionCount}, the number of the partition's regions.`,
  )
}
