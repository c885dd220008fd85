/** Exact geometry of piecewise affine networks, in float64. */
export { openProgram, type Program } from './program.ts'
export { walkSegments } from './segments.ts'
export type { Crossing, SegmentTask, SegmentWalk } from './segments.ts'
export type { PredictionRun } from './predictions.ts'
