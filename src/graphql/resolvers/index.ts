import type { Resolvers } from '../generated/types.ts'
import { typeOfNode } from '../node.ts'
import { bitString, dateTime, packedFloats, packedInts } from '../scalars.ts'
import {
  clusteringResolvers,
  clusterMembershipResolvers,
  clusterResolvers,
  condensedNodeResolvers,
} from './clustering.ts'
import { codeResolvers } from './code.ts'
import {
  alignedBitFlipsResolvers,
  bitFlipsResolvers,
  comparisonBaselineResolvers,
  comparisonResolvers,
  matchedRegionResolvers,
  matchedUnitResolvers,
  regionPartResolvers,
  regionSplitResolvers,
} from './comparison.ts'
import { complexFacetResolvers, complexRegionResolvers, complexResolvers } from './complex.ts'
import { datasetResolvers } from './dataset.ts'
import {
  directionResolvers,
  directionSetResolvers,
  matchedDirectionsResolvers,
  monosemanticityResolvers,
} from './directionSet.ts'
import { disagreementResolvers } from './disagreement.ts'
import { embeddingResolvers } from './embedding.ts'
import { inputResolvers } from './input.ts'
import { inputEdgeResolvers } from './inputEdge.ts'
import { jobResolvers } from './job.ts'
import { layerResolvers } from './layer.ts'
import { misfitResolvers } from './misfit.ts'
import { mutationResolvers } from './mutation.ts'
import { networkResolvers } from './network.ts'
import { partitionResolvers } from './partition.ts'
import { polytopeBoxSideResolvers, polytopeResolvers } from './polytope.ts'
import { queryResolvers } from './query.ts'
import { regionResolvers } from './region.ts'
import { regionColumnsResolvers } from './regionColumns.ts'
import { regionNeighborEdgeResolvers } from './regionNeighborEdge.ts'
import { routingNodeResolvers, routingTreeResolvers } from './routingTree.ts'
import { segmentResolvers } from './segment.ts'
import { segmentGroupResolvers, segmentSetResolvers, storedSegmentResolvers } from './segmentSet.ts'
import { seriesMemberResolvers, seriesResolvers } from './series.ts'
import { slicePolygonResolvers, sliceResolvers } from './slice.ts'
import { subscriptionResolvers } from './subscription.ts'
import { unitClusterResolvers, unitStatisticsResolvers } from './unitStatistics.ts'
import {
  codeChangeResolvers,
  inputFlipsResolvers,
  seriesTrainingResolvers,
  trainingStepResolvers,
} from './training.ts'

/** How every type answers; fields that are missing here read the property of their name. */
export const resolvers: Resolvers = {
  AlignedBitFlips: alignedBitFlipsResolvers,
  BitFlips: bitFlipsResolvers,
  BitString: bitString,
  Cluster: clusterResolvers,
  Clustering: clusteringResolvers,
  ClusterMembership: clusterMembershipResolvers,
  Code: codeResolvers,
  CodeChange: codeChangeResolvers,
  Comparison: comparisonResolvers,
  ComparisonBaseline: comparisonBaselineResolvers,
  Complex: complexResolvers,
  ComplexFacet: complexFacetResolvers,
  ComplexRegion: complexRegionResolvers,
  CondensedNode: condensedNodeResolvers,
  Dataset: datasetResolvers,
  DateTime: dateTime,
  Direction: directionResolvers,
  DirectionSet: directionSetResolvers,
  Disagreement: disagreementResolvers,
  Embedding: embeddingResolvers,
  Input: inputResolvers,
  InputEdge: inputEdgeResolvers,
  InputFlips: inputFlipsResolvers,
  Job: jobResolvers,
  Layer: layerResolvers,
  MatchedDirections: matchedDirectionsResolvers,
  MatchedRegion: matchedRegionResolvers,
  MatchedUnit: matchedUnitResolvers,
  Misfit: misfitResolvers,
  Monosemanticity: monosemanticityResolvers,
  Mutation: mutationResolvers,
  Network: networkResolvers,
  Node: { __resolveType: typeOfNode },
  PackedFloats: packedFloats,
  PackedInts: packedInts,
  Partition: partitionResolvers,
  Polytope: polytopeResolvers,
  PolytopeBoxSide: polytopeBoxSideResolvers,
  Query: queryResolvers,
  Region: regionResolvers,
  RegionColumns: regionColumnsResolvers,
  RegionNeighborEdge: regionNeighborEdgeResolvers,
  RegionPart: regionPartResolvers,
  RegionSplit: regionSplitResolvers,
  RoutingNode: routingNodeResolvers,
  RoutingTree: routingTreeResolvers,
  Segment: segmentResolvers,
  SegmentGroup: segmentGroupResolvers,
  SegmentSet: segmentSetResolvers,
  Series: seriesResolvers,
  SeriesMember: seriesMemberResolvers,
  SeriesTraining: seriesTrainingResolvers,
  Slice: sliceResolvers,
  SlicePolygon: slicePolygonResolvers,
  StoredSegment: storedSegmentResolvers,
  Subscription: subscriptionResolvers,
  UnitCluster: unitClusterResolvers,
  UnitStatistics: unitStatisticsResolvers,
  TrainingStep: trainingStepResolvers,
}
