/** HDBSCAN on codes. */
export { clusterCodes } from './clusterCodes.ts'
export type * from './types.ts'
