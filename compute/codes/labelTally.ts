/** What the labels of some sites are like. */
export interface LabelTally {
  /** Distinct labels, ascending, and how many sites have each. */
  labels: number[]
  counts: number[]
  /** The most frequent label, ties to the smaller; null where no site has one. */
  label: number | null
  /** Entropy of the labels, bits; 0 without labels. */
  entropy: number
  /** Share of the most frequent label; 1 without labels. */
  purity: number
}

/** @param tally label to the number of sites that have it, at least 1 */
export function describeTally(tally: ReadonlyMap<number, number>): LabelTally {
  const sorted = [...tally].sort(([a], [b]) => a - b)
  const labels = sorted.map(([label]) => label)
  const counts = sorted.map(([, count]) => count)
  const most = counts.reduce((best, count) => Math.max(best, count), 0)
  const sites = counts.reduce((sum, count) => sum + count, 0)
  return {
    labels,
    counts,
    label: sites === 0 ? null : labels[counts.indexOf(most)],
    entropy: entropyOf(counts),
    purity: sites === 0 ? 1 : most / sites,
  }
}

/** Entropy in bits of a distribution that is given by counts; 0 of none. */
export function entropyOf(counts: Iterable<number>): number {
  const present = [...counts].filter((count) => count > 0)
  const all = present.reduce((sum, count) => sum + count, 0)
  const entropy = present.reduce((sum, count) => sum - (count / all) * Math.log2(count / all), 0)
  return Math.max(0, entropy)
}
