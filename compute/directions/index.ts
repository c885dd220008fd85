/** Directions of an activation space beside sets of sites: whose labels are less mixed. */
export type { MatchedDirections, RegionGrouping, SetsBesideDirections } from './besideSets.ts'
export type { MatchedStatistics, SetStatistics } from './matchSizes.ts'
export { PROGRESS_STEPS, type DirectionTask, type MeasuredDirections } from './measureDirections.ts'
export { runDirections } from './pool.ts'
export type { DirectionKind, LabelCurve } from './types.ts'
