/** Exact geometry of piecewise affine networks, in float64. */
export { affineMapOf, type AffineMap } from './affineMap.ts'
export { expandRegions, exploreRegions, Search, startRegion } from './complex/index.ts'
export type { ExpandedRegions, ExploredRegions, ExploreTask, Seeds } from './complex/index.ts'
export { countSegments, PROFILE_BINS, segmentsAtOnce } from './countSegments.ts'
export type { SegmentCounts, SegmentEnds } from './countSegments.ts'
export { cornersOf, endsOf, statesAt } from './ends.ts'
export type { Point, Side } from './ends.ts'
export { codesAcross, regionFacets } from './facets/index.ts'
export { boxOf, regionPolytope } from './facets/index.ts'
export type { BoxSide, CrossedFacet, GivenBox, RegionPolytope } from './facets/index.ts'
export type { Bound, Box, RegionFacet, RegionFacetOptions, RegionFacets } from './facets/index.ts'
export { localMap } from './localMap.ts'
export type { AffineFunction, LocalMap, RegionOfSpan } from './localMap.ts'
export { checkCoordinates, type LocalComplexity } from './localComplexity.ts'
export { profileOf, type ProfileBin } from './profile.ts'
export { openProgram, passGate, stateSize, statesBefore } from './program.ts'
export type { Program, States } from './program.ts'
export { walkSegments } from './segments.ts'
export type { Crossing, SegmentTask, SegmentWalk } from './segments.ts'
export type { PredictionRun } from './predictions.ts'
export { cutSlice } from './slice/index.ts'
export type { DecisionEdge, Place, Slice, SlicePolygon, SliceTask } from './slice/index.ts'
export { sweep } from './sweep.ts'
export type { CodeInterval, Direction, Sweep, SweepCrossing, SweepTask } from './sweep.ts'
export { rankOf, singularValues } from './singularValues.ts'
export { runGeometry } from './pool.ts'
export type { PackedSlice } from './slice/packed.ts'
export type {
  CountTask,
  CutTask,
  FacetsTask,
  NetworkFile,
  RegionTask,
  SweepNetworkTask,
  WalkTask,
} from './worker.ts'
