/** What directions of an activation space are compared by: the sites at which each is greatest. */
export type DirectionKind =
  /** Single units: the coordinates of the space. */
  | 'UNIT'
  /** Principal components, each both ways: what lies above the mean along it, and what lies below. */
  | 'PRINCIPAL_COMPONENT'
  /** Non-negative factors. */
  | 'NON_NEGATIVE_FACTOR'
  /** Sites in random orders: what any sets of these sizes have. */
  | 'CHANCE'

/** What the sites are like at which some directions are greatest: entry m - 1 is of each one's first m sites. */
export interface LabelCurve {
  /** Directions that are above 0 at m sites at least; the others count no further. */
  directionCounts: Int32Array
  /** Mean over these directions of the entropy of the sites' labels, bits; 0 where there is none. */
  labelEntropy: Float64Array
  /** Least of these entropies. */
  leastLabelEntropy: Float64Array
  /** Mean share of the most frequent label. */
  purity: Float64Array
  /** Mean mutual information between being one of the m sites and the label, bits. */
  mutualInformation: Float64Array
}

/** A site's set among all sites, as its labels see it. */
export interface LabelledSet {
  labelEntropy: number
  purity: number
  mutualInformation: number
}
