/** Enumeration of all regions of a network in a box. */
export { expandRegions } from './expand.ts'
export type { ExpandedRegions, ExpandTask, Seeds } from './expand.ts'
export { exploreRegions } from './explore.ts'
export type { ExploredRegions, ExploreTask } from './explore.ts'
export { Search } from './search.ts'
export { startRegion } from './start.ts'
