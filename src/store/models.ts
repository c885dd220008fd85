/**
 * The rows that the store hands out, in the words of the GraphQL schema. Codes, hashes and values are bytes
 * as stored; everything else is as in prisma/schema.prisma.
 */
import type {
  BoxSide,
  RegionMetric,
  ElementType,
  Exactness,
  Granularity,
  JobState,
  NumberType,
  SegmentGroupKind,
  TokenStyle,
} from './generated/enums.ts'

export type {
  BoxSide,
  RegionMetric,
  ElementType,
  Exactness,
  Granularity,
  JobState,
  NumberType,
  SegmentGroupKind,
  TokenStyle,
}

export interface NetworkRow {
  id: number
  name: string
  sha256: string
  byteCount: number
  description: string
  tags: string[]
  parameterCount: number
  inputType: NumberType
  inputShape: number[]
  outputShape: number[]
  exactness: Exactness
  approximations: string[]
  createdAt: Date
}

export interface LayerRow {
  networkId: number
  index: number
  name: string
  operator: string
  unitCount: number
  positionCount: number
  /** Row-major; empty for a dense layer. */
  positionShape: number[]
  bitsPerUnit: number
  exact: boolean
}

export interface DatasetRow {
  id: number
  name: string
  sha256: string
  shape: number[]
  classNames: string[]
  inputCount: number
  elementType: ElementType
  scale: number
  tokenStyle: TokenStyle | null
  tokenCount: number
  chunkSize: number
  sampleByteCount: number
  createdAt: Date
}

export interface TokenRow {
  datasetId: number
  id: number
  /** As the vocabulary writes it. */
  text: string
}

export interface InputRow {
  datasetId: number
  index: number
  label: number | null
}

/** An input as a member of a region: one of its sites. */
export interface MemberRow extends InputRow {
  partitionId: number
  position: number
  margin: number
}

/** A site whose label is not that of most members of its region. */
export interface MisfitRow extends InputRow {
  label: number
  partitionId: number
  position: number
  region: number
  /** The label of most members of its region. */
  regionLabel: number
}

export interface PartitionRow {
  id: number
  networkId: number
  datasetId: number
  fromLayer: number
  toLayer: number
  granularity: Granularity
  positionStart: number
  positionStep: number
  bitCount: number
  siteCount: number
  regionCount: number
  labelEntropy: number
  computedAt: Date | null
  neighborCount: number | null
  jobId: string | null
  createdAt: Date
}

export interface RegionRow {
  partitionId: number
  index: number
  /** 32 hexadecimal digits. */
  codeHash: string
  bitCount: number
  memberCount: number
  activeBitCount: number
  exemplarInput: number
  exemplarPosition: number
  label: number | null
  labels: number[]
  labelCounts: number[]
  labelEntropy: number
  purity: number
  margin: number
  /** Of its code, where they were asked for with it. */
  bits?: Buffer
}

export interface JobRow {
  id: string
  kind: string
  state: JobState
  done: number
  total: number | null
  /** Steps a second of the running attempt; null before there is something to measure. */
  rate: number | null
  errorCode: string | null
  error: string | null
  networkId: number | null
  datasetId: number | null
  createdAt: Date
  startedAt: Date | null
  finishedAt: Date | null
}

/** The scalar metrics of a comparison; `neighborOverlap[k - 1]` for k = 1…50. */
export interface ComparisonMetrics {
  adjustedMutualInformation: number
  adjustedRandIndex: number
  variationOfInformation: number
  conditionalEntropyAGivenB: number
  conditionalEntropyBGivenA: number
  regionOverlap: number
  hammingKernelCka: number
  distanceRankCorrelation: number
  neighborOverlap: number[]
  agreement: number
}

/** Bits that differ, by layer. */
export interface FlipCounts {
  total: number
  perLayer: { layer: number; flips: number }[]
}

/** Bits that differ in their own order and with b's units aligned; and the same after b's sites were permuted. */
export interface ComparisonFlips {
  bitFlips: FlipCounts & { perUnit: { layer: number; unit: number; flips: number }[] }
  alignedBitFlips: FlipCounts & {
    perUnit: { layer: number; unit: number; partner: number; flips: number }[]
  }
  baseline: { bitFlips: FlipCounts; alignedBitFlips: FlipCounts }
}

export interface ComparisonRow {
  id: number
  aId: number
  bId: number
  siteCount: number
  metrics: ComparisonMetrics
  baseline: ComparisonMetrics
  baselineSeed: number
  sharedCodeCount: number
  flips: ComparisonFlips | null
}

export interface MatchedRegionRow {
  comparisonId: number
  rank: number
  regionA: number
  regionB: number
  jaccard: number
  sharedMembers: number
}

export interface MatchedUnitRow {
  comparisonId: number
  rank: number
  layerA: number
  unitA: number
  layerB: number
  unitB: number
  correlation: number
}

export interface ComplexRow {
  id: number
  networkId: number
  toLayer: number
  /** 16 hexadecimal digits. */
  boxHash: string
  /** One float64 an axis, little-endian. */
  lower: Buffer
  upper: Buffer
  bitCount: number
  regionLimit: number
  regionCount: number
  frontierCount: number
  undecidedCount: number
  jobId: string | null
  createdAt: Date
}

export interface SegmentSetRow {
  id: number
  networkId: number
  datasetId: number
  fromLayer: number
  toLayer: number
  pairs: number
  seed: number
  pairCount: number
  segmentCount: number
  computedAt: Date | null
  jobId: string | null
  createdAt: Date
}

export interface ComplexRegionRow {
  complexId: number
  index: number
  /** 32 hexadecimal digits. */
  codeHash: string
  bitCount: number
  complete: boolean
  /** One float64 an axis, little-endian. */
  center: Buffer
  inradius: number
  degree: number
  sources: number[]
  neighbors: number[]
  distances: number[]
  /** Outputs x (axes + 1) float64, little-endian. */
  map: Buffer
  /** Of the map, descending: float64, little-endian. */
  singularValues: Buffer
}

/** A box as it was given: bounds of one value for all axes, or of one an axis. */
export interface BoxValues {
  lower: Float64Array
  upper: Float64Array
}

export interface PolytopeRow {
  partitionId: number
  region: number
  facetCount: number
  boxFacetCount: number
  /** float64, little-endian. */
  center: Buffer | null
  inradius: number | null
  complete: boolean
  boxLower: Buffer | null
  boxUpper: Buffer | null
  computedAt: Date
}

/** A face that leads to another code. */
export interface FacetRow {
  partitionId: number
  region: number
  rank: number
  layer: number
  unit: number
  position: number
  distance: number
  bitDistance: number
  /** 32 hexadecimal digits. */
  codeHash: string
  bitCount: number
}

/** A face that is a side of the box. */
export interface BoxFacetRow {
  partitionId: number
  region: number
  axis: number
  side: BoxSide
  distance: number
}

export interface SegmentRow {
  setId: number
  index: number
  fromInput: number
  toInput: number
  length: number
  regionCount: number
  endpointDistance: number
  predictionChanges: number
}

/** A mean and its interval. */
export interface StoredEstimate {
  mean: number
  low: number
  high: number
}

/** Means over the segments of a group; densities over those of some length, null where there is none. */
export interface SegmentEstimates {
  regionCount: StoredEstimate
  predictionChanges: StoredEstimate
  boundaryDensity: StoredEstimate | null
  endpointDensity: StoredEstimate | null
  /** Of equal parts of the lines; null where all segments are of no length or have no profile, and of LABELS groups. */
  profile: { boundaryDensity: StoredEstimate; changeShare: number }[] | null
  /** Null where no segment of some length changes its prediction or has a profile, and of LABELS groups. */
  atChange: {
    count: number
    boundaryDensity: StoredEstimate
    elsewhere: StoredEstimate
    baseline: StoredEstimate
  } | null
  /** By parts of distance, from 0; null where no segment of some length changes its prediction once, and as above. */
  aroundChange: {
    count: number
    distances: { boundaryDensity: StoredEstimate; baseline: StoredEstimate }[]
  } | null
}

export interface SegmentGroupRow {
  setId: number
  index: number
  kind: SegmentGroupKind
  labelA: number | null
  labelB: number | null
  firstSegment: number
  count: number
  zeroLengthCount: number
  estimates: SegmentEstimates
}

export interface SeriesRow {
  id: number
  name: string
  description: string
  createdAt: Date
}

export interface SeriesMemberRow {
  seriesId: number
  index: number
  networkId: number
  step: number
}

export type * from './clusterRows.ts'
export type * from './directionRows.ts'
export type * from './embeddingRows.ts'
export type { CodeRow } from './codes.ts'
