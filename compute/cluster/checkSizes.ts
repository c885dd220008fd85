import { AtlasError } from '../errors.ts'

/** What makes a group of rows a cluster. */
export interface ClusterSizes {
  /** Rows that a cluster has at least, from 2. */
  minClusterSize: number
  /** Rows, itself among them, that must be near a row for its neighbourhood to count as dense, from 1. */
  minSamples: number
}

/** Throws BAD_ARGUMENT where a size is too small or there are fewer rows than it asks for. */
export function checkSizes({ minClusterSize, minSamples }: ClusterSizes, rows: number): void {
  checkSize('minClusterSize', minClusterSize, 2, rows)
  checkSize('minSamples', minSamples, 1, rows)
}

function checkSize(name: string, value: number, least: number, rows: number): void {
  if (Number.isInteger(value) && value >= least && value <= rows) return
  throw new AtlasError(
    'BAD_ARGUMENT',
    rows < least
      ? `There are ${rows} regions to cluster: choose a partition with at least ${least}.`
      : `${name} is ${value}: choose a whole number from ${least} to ${rows}, the number of regions.`,
  )
}
