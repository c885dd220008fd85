/** The rows of direction sets, in the words of the GraphQL schema. */
import type { CurveKind, DirectionKind } from './generated/enums.ts'

export type { CurveKind, DirectionKind }

export interface DirectionSetRow {
  id: number
  partitionId: number
  components: number
  seed: number
  dimensions: number
  factorError: number
  factorRounds: number
  computedAt: Date | null
  jobId: string | null
  createdAt: Date
}

export interface DirectionRow {
  setId: number
  kind: DirectionKind
  index: number
  share: number | null
  /** float32, little-endian. */
  values: Buffer
}

/** A curve as it is stored, see `LabelCurve` in compute/directions. */
export interface StoredCurve {
  directionCounts: Int32Array
  labelEntropy: Float64Array
  leastLabelEntropy: Float64Array
  purity: Float64Array
  mutualInformation: Float64Array
}
