/** Exact geometry of piecewise affine networks, in float64. */
export { localMap } from './localMap.ts'
export type { AffineFunction, LocalMap, RegionOfSpan } from './localMap.ts'
export { openProgram, statesBefore } from './program.ts'
export type { Program, States } from './program.ts'
export { walkSegments } from './segments.ts'
export type { Crossing, SegmentTask, SegmentWalk } from './segments.ts'
export type { PredictionRun } from './predictions.ts'
export { rankOf, singularValues } from './singularValues.ts'
