/**
 * The parent values of GraphQL types that are no rows of the store: `Resolvers` (generated) takes
 * `<Type>Model` from here for every connection type.
 */
import type {
  DatasetRow,
  InputRow,
  JobRow,
  MatchedRegionRow,
  MatchedUnitRow,
  NetworkRow,
  PartitionRow,
  RegionRow,
} from '../store/models.ts'
import type { ConnectionModel, EdgeModel } from './connection.ts'

export type NetworkConnectionModel = ConnectionModel<NetworkRow>
export type DatasetConnectionModel = ConnectionModel<DatasetRow>
export type InputConnectionModel = ConnectionModel<InputRow>
export type PartitionConnectionModel = ConnectionModel<PartitionRow>
export type RegionConnectionModel = ConnectionModel<RegionRow>
export type JobConnectionModel = ConnectionModel<JobRow>
export type MatchedRegionConnectionModel = ConnectionModel<MatchedRegionRow>
export type MatchedUnitConnectionModel = ConnectionModel<MatchedUnitRow>

/** A neighbouring region and its Hamming distance in bits. */
export interface RegionNeighborEdgeModel extends EdgeModel<RegionRow> {
  distance: number
}

export type RegionNeighborConnectionModel = ConnectionModel<RegionRow, RegionNeighborEdgeModel>
