/**
 * The parent values of GraphQL types that are no rows of the store: `Resolvers` (generated) takes
 * `<Type>Model` from here for every connection type, and for those that scripts/codegen.mjs names.
 */
import type { CutSlice } from '../jobs/direct/slice.ts'
import type {
  DatasetRow,
  InputRow,
  JobRow,
  MatchedRegionRow,
  MatchedUnitRow,
  NetworkRow,
  PartitionRow,
  RegionRow,
  SegmentGroupRow,
  SegmentRow,
  SegmentSetRow,
} from '../store/models.ts'
import type { ConnectionModel, EdgeModel } from './connection.ts'

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

export type NetworkConnectionModel = ConnectionModel<NetworkRow>
export type DatasetConnectionModel = ConnectionModel<DatasetRow>
export type InputConnectionModel = ConnectionModel<InputRow>
export type PartitionConnectionModel = ConnectionModel<PartitionRow>
export type RegionConnectionModel = ConnectionModel<RegionRow>
export type JobConnectionModel = ConnectionModel<JobRow>
export type MatchedRegionConnectionModel = ConnectionModel<MatchedRegionRow>
export type MatchedUnitConnectionModel = ConnectionModel<MatchedUnitRow>
export type SegmentSetConnectionModel = ConnectionModel<SegmentSetRow>
export type SegmentGroupConnectionModel = ConnectionModel<SegmentGroupRow>
export type StoredSegmentConnectionModel = ConnectionModel<SegmentRow>

/** A neighbouring region and its Hamming distance in bits. */
export interface RegionNeighborEdgeModel extends EdgeModel<RegionRow> {
  distance: number
}

export type RegionNeighborConnectionModel = ConnectionModel<RegionRow, RegionNeighborEdgeModel>
