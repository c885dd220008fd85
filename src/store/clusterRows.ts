/** The rows of clusterings, in the words of the GraphQL schema. */
import type { RegionMetric } from './generated/enums.ts'

export interface ClusteringRow {
  id: number
  partitionId: number
  metric: RegionMetric
  minClusterSize: number
  minSamples: number
  clusterCount: number
  noiseRegionCount: number
  noiseMemberCount: number
  labelEntropy: number
  baselineLabelEntropy: number
  baselineSeed: number
  computedAt: Date | null
  jobId: string | null
  createdAt: Date
}

export interface ClusterRow {
  clusteringId: number
  index: number
  regionCount: number
  memberCount: number
  exemplarRegion: number
  /** Its node of the condensed tree. */
  node: number
  label: number | null
  labels: number[]
  labelCounts: number[]
  labelEntropy: number
  purity: number
}

export interface RegionClusterRow {
  clusteringId: number
  region: number
  cluster: number | null
  probability: number
  outlierScore: number
}

export interface CondensedNodeRow {
  clusteringId: number
  index: number
  parent: number | null
  birth: number | null
  death: number
  regionCount: number
  stability: number
  cluster: number | null
}
