/** One partition of the sites: which region holds each site, and the regions' codes. */
export interface Side {
  /** Region index of each site. */
  regionOfSite: Int32Array
  /** Regions x ceil(bitCount / 8) bytes, bit 0 lowest in byte 0, zero after the last bit. */
  codes: Uint8Array
  /** Regions x 16 bytes: the 128-bit hash of each code. */
  hashes: Uint8Array
  bitCount: number
  /**
   * Layers of the span in bit order: layer, then position, then unit, then the unit's bits. `positions` are those flattened into one
   * code: 1 where each position is a site of its own.
   */
  layers: SpanLayer[]
  /** Predicted label of each input. Sites are inputs, or inputs x positions. */
  predictions: Int32Array
}

/** One layer of a span. */
export interface SpanLayer {
  index: number
  units: number
  positions: number
  bitsPerUnit: number
  /** The bits of a unit are a number, that of a window's winner: more of them set does not mean more active. */
  numbered: boolean
}

/** What to compare: two partitions of the same sites. */
export interface CompareInput {
  a: Side
  b: Side
  /** Both sides have the same layers (indices, units, positions, bits a unit): their bits can be compared one by one. */
  sameLayers: boolean
  /** Seed of the permutation behind the baseline, a whole number of 32 bits. */
  seed: number
}

/** How to run a comparison. */
export interface CompareOptions {
  /** Called with the finished and all rows of the passes over pairs, `done` rising to `total`. */
  onProgress?(done: number, total: number): void
  /** Ends the comparison: the promise rejects with the signal's reason. */
  signal?: AbortSignal
}

/** The metrics that follow from the region assignments alone. */
export interface AssignmentMetrics {
  /** Mutual information over the mean entropy, corrected for chance; see `adjustedMutualInformation`. */
  adjustedMutualInformation: number
  /** Rand index corrected for chance; see `adjustedRandIndex`. */
  adjustedRandIndex: number
  /** H(A|B) + H(B|A) in bits. */
  variationOfInformation: number
  /** H(A|B) in bits. */
  conditionalEntropyAGivenB: number
  /** H(B|A) in bits. */
  conditionalEntropyBGivenA: number
  /** Share of sites in regions matched one to one so that it is the greatest; see `matchMostSites`. */
  regionOverlap: number
}

/** The metrics that follow from the Hamming distances of all pairs of sites. */
export interface PairMetrics {
  /**
   * Centred kernel alignment of the kernels 1 - 2 d / bitCount, 0 to 1. Where all codes of a side are equal its
   * centred kernel is zero: then 1 if that holds for both sides, else 0.
   */
  hammingKernelCka: number
  /**
   * Spearman's rank correlation of the two distances over all pairs of sites, -1 to 1. Where all pairs of a side
   * are equally far apart: 1 if that holds for both sides, else 0.
   */
  distanceRankCorrelation: number
  /** Share of the k nearest sites that both sides have in common, at [k - 1] for k = 1 to 50; see `PairSums.overlaps`. */
  neighborOverlap: Float64Array
}

/** All metrics of a comparison. */
export interface Metrics extends AssignmentMetrics, PairMetrics {
  /** Share of inputs with the same predicted label. */
  agreement: number
}

/** Regions matched one to one, the best match first. All arrays have one entry a match. */
export interface RegionMatches {
  a: Int32Array
  b: Int32Array
  /** Sites in both regions over sites in either, above 0. */
  jaccard: Float64Array
  /** Sites in both regions. */
  shared: Int32Array
}

/** Units matched one to one, the highest correlation first. All arrays have one entry a match. */
export interface UnitMatches {
  /** Index of the layer of a's unit. */
  aLayer: Int32Array
  aUnit: Int32Array
  bLayer: Int32Array
  bUnit: Int32Array
  /** -1 to 1; 0 for a unit that never changes. */
  correlation: Float64Array
}

/** Bits that differ between the sides, counted over sites. */
export interface BitFlips {
  total: number
  /** In the order of the span. */
  perLayer: { layer: number; flips: number }[]
  /** Summed over positions; in the order of layer and unit. */
  perUnit: { layer: number; unit: number; flips: number }[]
}

/** Bits that differ between a and the units of b in a's order, see `alignUnits`. */
export interface AlignedFlips extends Omit<BitFlips, 'perUnit'> {
  /** In the order of layer and unit of a; `partner` is the unit of b in its place. */
  perUnit: { layer: number; unit: number; partner: number; flips: number }[]
}

/** Bits that differ, by layer, in the order of the span. */
export type FlipCounts = Omit<BitFlips, 'perUnit'>

/** The bits that differ between two sides with the same layers, in their own order and aligned. */
export interface FlipsResult {
  bitFlips: BitFlips
  alignedBitFlips: AlignedFlips
  /** The same after b's sites were permuted. */
  baseline: { bitFlips: FlipCounts; alignedBitFlips: FlipCounts }
}

/** Everything that a comparison says. */
export interface ComparisonResult {
  siteCount: number
  metrics: Metrics
  /** The same metrics after b's sites were permuted at random. */
  baseline: Metrics
  /** Codes present on both sides; 0 where the bit counts differ. */
  sharedCodeCount: number
  matchedRegions: RegionMatches
  matchedUnits: UnitMatches
  /** Null unless the sides have the same layers. */
  flips: FlipsResult | null
}
