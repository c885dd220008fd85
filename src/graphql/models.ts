/**
 * The parent values of GraphQL types that are no rows of the store: `Resolvers` (generated) takes
 * `<Type>Model` from here for every connection type, and for those that scripts/codegen.mjs names.
 */
import type { AtlasError } from '../../compute/errors.ts'
import type { RegionPart, RegionSplit } from '../jobs/direct/splits.ts'
import type { UnitCluster } from '../jobs/direct/unitClusters.ts'
import type { UnitBesideChance } from '../jobs/direct/unitStatistics.ts'
import type { LocalComplexity } from '../jobs/direct/localComplexity.ts'
import type { MatchedDirections, Monosemanticity } from '../jobs/direct/monosemanticity.ts'
import type { Disagreements } from '../jobs/direct/disagreements.ts'
import type { Segment } from '../jobs/direct/segment.ts'
import type { CutSlice } from '../jobs/direct/slice.ts'
import type { TrainingStep } from '../jobs/direct/training.ts'
import type { TreeNode } from '../jobs/direct/routingTree.ts'
import type {
  BoxSide,
  ClusterRow,
  CondensedNodeRow,
  ComplexRegionRow,
  ComplexRow,
  DatasetRow,
  InputRow,
  JobRow,
  LayerRow,
  MatchedRegionRow,
  MatchedUnitRow,
  MemberRow,
  MisfitRow,
  NetworkRow,
  PartitionRow,
  RegionRow,
  SegmentGroupRow,
  SegmentRow,
  SegmentSetRow,
  SeriesRow,
} from '../store/models.ts'
import type { ConnectionModel, EdgeModel } from './connection.ts'
import type { CodeKey } from './lookup.ts'

/** A slice as it was cut, and the network that it cuts. */
export interface SliceModel extends CutSlice {
  networkId: number
}

/** One polygon of a slice; its region is looked up when it is asked for. */
export interface SlicePolygonModel {
  networkId: number
  fromLayer: number
  toLayer: number
  codeHash: string
  vertices: number[][]
  prediction: number
}

/** A routing tree and what was asked for. */
export interface RoutingTreeModel {
  network: NetworkRow
  dataset: DatasetRow
  fromLayer: LayerRow
  toLayer: LayerRow
  minMembers: number
  complete: boolean
  root: TreeNode
  roots: RoutingNodeModel[]
  nodes: RoutingNodeModel[]
}

/** A node of a routing tree, and its place there. */
export interface RoutingNodeModel {
  index: number
  parent: number | null
  node: TreeNode
  dataset: DatasetRow
  children: RoutingNodeModel[]
}

/** A facet of a region of a complex; the region across is looked up when it is asked for. */
export interface ComplexFacetModel {
  complexId: number
  distance: number
  layer: number | null
  unit: number | null
  position: number | null
  axis: number | null
  side: BoxSide | null
  /** Number of the region across, -1 for a side of the box. */
  neighbor: number
}

/** A training that was read, with the bits of each layer of its span. */
export interface SeriesTrainingModel {
  dataset: DatasetRow
  fromLayer: number
  toLayer: number
  bitCount: number
  /** By index of the layer. */
  bitCounts: ReadonlyMap<number, number>
  steps: readonly TrainingStep[]
}

/** One step of a training. */
export interface TrainingStepModel {
  training: SeriesTrainingModel
  step: TrainingStep
}

/** What changed between two members of a training. */
export interface CodeChangeModel {
  training: SeriesTrainingModel
  change: TrainingStep['change']
}

/** An input by its key, and its flips. */
export interface InputFlipsModel {
  datasetId: number
  index: number
  flips: number
}

/** An input by its key, and what is known of all of them. */
export interface DisagreementModel {
  datasetId: number
  index: number
  disagreements: Disagreements
}

export type NetworkConnectionModel = ConnectionModel<NetworkRow>
export type DatasetConnectionModel = ConnectionModel<DatasetRow>
/** An input, or one of its sites as a member of a region. */
export interface InputEdgeModel extends EdgeModel<InputRow | MemberRow> {
  /** Of a member. */
  position?: number
  margin?: number
}
export type InputConnectionModel = ConnectionModel<InputRow, InputEdgeModel>
export type PartitionConnectionModel = ConnectionModel<PartitionRow>
export type ComplexConnectionModel = ConnectionModel<ComplexRow>
export type ComplexRegionConnectionModel = ConnectionModel<ComplexRegionRow>
export type RegionConnectionModel = ConnectionModel<RegionRow>
export type JobConnectionModel = ConnectionModel<JobRow>
export type MatchedRegionConnectionModel = ConnectionModel<MatchedRegionRow>
export type MatchedUnitConnectionModel = ConnectionModel<MatchedUnitRow>
export type LocalComplexityModel = LocalComplexity
export type SegmentModel = Segment
export type MonosemanticityModel = Monosemanticity
export type MatchedDirectionsModel = MatchedDirections
export type UnitClusterModel = UnitCluster
export type UnitStatisticsModel = UnitBesideChance
export type UnitStatisticsConnectionModel = ConnectionModel<UnitBesideChance>
export type ClusterConnectionModel = ConnectionModel<ClusterRow>
export type CondensedNodeConnectionModel = ConnectionModel<CondensedNodeRow>
export type MisfitConnectionModel = ConnectionModel<MisfitRow>
export type SegmentSetConnectionModel = ConnectionModel<SegmentSetRow>
export type SegmentGroupConnectionModel = ConnectionModel<SegmentGroupRow>
export type StoredSegmentConnectionModel = ConnectionModel<SegmentRow>
export type SeriesConnectionModel = ConnectionModel<SeriesRow>
export type RegionSplitModel = RegionSplit
export type RegionPartModel = RegionPart
export type RegionSplitConnectionModel = ConnectionModel<RegionSplit>
export type DisagreementConnectionModel = ConnectionModel<DisagreementModel>

/** A neighbour of a region; the fields of a facet are null for one by Hamming distance. */
export interface RegionNeighborEdgeModel {
  cursor: string
  /** NO_REGION where no input of the dataset lies across a facet; `region` is null there. */
  node: RegionRow | AtlasError
  region: RegionRow | null
  /** Names the neighbour's code. */
  across: CodeKey
  /** Differing bits. */
  distance: number
  layer: number | null
  unit: number | null
  position: number | null
  offset: number | null
}

export type RegionNeighborConnectionModel = ConnectionModel<RegionRow, RegionNeighborEdgeModel>
