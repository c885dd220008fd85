import type { ClusterSizes } from './checkSizes.ts'

/** How the distance of two codes is measured. */
export type CodeMetric =
  /** Bits that differ. */
  | 'HAMMING'
  /** 1 - |active in both| / |active in one or both|; two codes without active bits are at 0. */
  | 'JACCARD'

/** Distinct codes to cluster, and how. */
export interface ClusterInput extends ClusterSizes {
  /** Rows x ceil(bitCount / 8) bytes, zero after the last bit. */
  codes: Uint8Array
  bitCount: number
  metric: CodeMetric
}

/**
 * The condensed tree: what is left of the hierarchy of clusters as the distance falls from infinity, where only splits
 * into two or more groups of `minClusterSize` rows count as splits. Node 0 holds all rows; a node's number is greater
 * than its parent's.
 */
export interface CondensedTree {
  /** Per node: the node that it split off; -1 for node 0. */
  parent: Int32Array
  /** Per node: the distance at which it split off; Infinity for node 0. */
  birth: Float64Array
  /** Per node: the distance at which it splits or its last rows leave it. */
  death: Float64Array
  /** Per node: rows when it begins. */
  size: Int32Array
  /** Per node: sum over its rows of 1 / distance at which the row leaves it - 1 / birth. */
  stability: Float64Array
  /** Per node: its number as a cluster, or -1 where it is not selected. */
  cluster: Int32Array
  /** Per row: the last node that holds it. */
  nodeOfRow: Int32Array
  /** Per row: the distance at which it leaves that node. */
  leaves: Float64Array
}

/** Clusters of codes. */
export interface Clustered {
  /** Clusters, numbered by falling number of rows, equal ones by their first row. */
  clusterCount: number
  /** Per row: its cluster, or -1 for noise. */
  labels: Int32Array
  /** Per row: how deep inside of its cluster it is: 1 for those that stay to its end, 0 for noise. */
  probabilities: Float64Array
  /** Per row: GLOSH, from 0, inside, to nearly 1, an outlier. */
  outlierScores: Float64Array
  tree: CondensedTree
}

/** How to run a clustering. */
export interface ClusterOptions {
  /** Called with steps done and all steps, `done` rising to `total`. */
  onProgress?(done: number, total: number): void
  /** Ends it: the promise rejects with the signal's reason. */
  signal?: AbortSignal
}
