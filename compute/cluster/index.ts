/** HDBSCAN on codes, and what its clusters are like. */
export { clusterCodes } from './clusterCodes.ts'
export { clusterPoints, type PointInput } from './clusterPoints.ts'
export { describeClusters } from './describeClusters.ts'
export type { ClusterDescription, ClustersDescription, LabelledRows } from './describeClusters.ts'
export { distinguishingBits } from './distinguishingBits.ts'
export type { DistinguishingBit, GroupedCodes } from './distinguishingBits.ts'
export type * from './types.ts'
