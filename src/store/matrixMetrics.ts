/** Where a metric stands in a stored comparison: the same in both orders, or in each order in its own place. */
export interface MetricPlace {
  /** Of a cell whose row is the comparison's side a. */
  forward: readonly string[]
  /** Of a cell whose row is its side b. */
  backward: readonly string[]
}

const symmetric = (...place: string[]): MetricPlace => ({ forward: place, backward: place })

/** The metrics that a matrix shows; the overlap of k neighbours is at k - 1. */
export const matrixMetrics = {
  ADJUSTED_MUTUAL_INFORMATION: symmetric('adjustedMutualInformation'),
  ADJUSTED_RAND_INDEX: symmetric('adjustedRandIndex'),
  VARIATION_OF_INFORMATION: symmetric('variationOfInformation'),
  CONDITIONAL_ENTROPY: {
    forward: ['conditionalEntropyAGivenB'],
    backward: ['conditionalEntropyBGivenA'],
  },
  REGION_OVERLAP: symmetric('regionOverlap'),
  HAMMING_KERNEL_CKA: symmetric('hammingKernelCka'),
  DISTANCE_RANK_CORRELATION: symmetric('distanceRankCorrelation'),
  NEIGHBOR_OVERLAP: symmetric('neighborOverlap', '9'),
  AGREEMENT: symmetric('agreement'),
} satisfies Record<string, MetricPlace>

/** A metric that a matrix shows. */
export type MatrixMetric = keyof typeof matrixMetrics

/** Whether a text names such a metric. */
export function isMatrixMetric(name: string): name is MatrixMetric {
  return Object.hasOwn(matrixMetrics, name)
}
