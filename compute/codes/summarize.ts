import { describeTally } from './labelTally.ts'

/** What a region of sites is like: its size, its labels, its most typical member. */

/** One entry a region; see `RegionSummary` fields. */
export interface RegionSummary {
  memberCounts: Int32Array
  /** Site with the greatest margin, ties to the first. */
  exemplars: Int32Array
  /** Least margin of the members. */
  margins: Float32Array
  /** Distinct labels of the members, ascending, and how many members have each; empty without labels. */
  distinctLabels: number[][]
  labelCounts: number[][]
  /** Most frequent label, ties to the smaller; -1 without labels. */
  labels: Int32Array
  /** Entropy of the members' labels, bits; 0 without labels. */
  labelEntropies: Float64Array
  /** Share of the most frequent label; 1 without labels. */
  purities: Float64Array
}

/**
 * Summarises regions in one pass over their sites. `labels[site]` is -1 where a site has no label; such sites
 * count as members but not in the label statistics. Memory: four bytes a site beside the result.
 */
export function summarizeRegions(
  regionOfSite: Int32Array,
  regionCount: number,
  labelOfSite: (site: number) => number,
  margins: Float32Array,
): RegionSummary {
  const { starts, sites } = sitesByRegion(regionOfSite, regionCount)
  const summary: RegionSummary = {
    memberCounts: new Int32Array(regionCount),
    exemplars: new Int32Array(regionCount),
    margins: new Float32Array(regionCount),
    distinctLabels: [],
    labelCounts: [],
    labels: new Int32Array(regionCount),
    labelEntropies: new Float64Array(regionCount),
    purities: new Float64Array(regionCount),
  }
  for (let region = 0; region < regionCount; region++) {
    const members = sites.subarray(starts[region], starts[region + 1])
    summary.memberCounts[region] = members.length
    summarizeMargins(summary, region, members, margins)
    summarizeLabels(summary, region, members, labelOfSite)
  }
  return summary
}

/** Mean over sites of their region's label entropy, bits: H(label | region). */
export function meanLabelEntropy(summary: RegionSummary): number {
  let sum = 0
  let sites = 0
  for (let region = 0; region < summary.memberCounts.length; region++) {
    sum += summary.memberCounts[region] * summary.labelEntropies[region]
    sites += summary.memberCounts[region]
  }
  return sites === 0 ? 0 : sum / sites
}

/** Sites sorted by region (counting sort, stable): region r has sites[starts[r] … starts[r + 1]). */
function sitesByRegion(regionOfSite: Int32Array, regionCount: number) {
  const starts = new Int32Array(regionCount + 1)
  for (const region of regionOfSite) starts[region + 1]++
  for (let region = 0; region < regionCount; region++) starts[region + 1] += starts[region]
  const next = starts.slice(0, regionCount)
  const sites = new Int32Array(regionOfSite.length)
  for (let site = 0; site < regionOfSite.length; site++) sites[next[regionOfSite[site]]++] = site
  return { starts, sites }
}

function summarizeMargins(
  summary: RegionSummary,
  region: number,
  members: Int32Array,
  margins: Float32Array,
) {
  let exemplar = members[0]
  let least = margins[exemplar]
  for (const site of members) {
    if (margins[site] > margins[exemplar]) exemplar = site
    if (margins[site] < least) least = margins[site]
  }
  summary.exemplars[region] = exemplar
  summary.margins[region] = least
}

function summarizeLabels(
  summary: RegionSummary,
  region: number,
  members: Int32Array,
  labelOfSite: (site: number) => number,
) {
  const tally = new Map<number, number>()
  for (const site of members) {
    const label = labelOfSite(site)
    if (label >= 0) tally.set(label, (tally.get(label) ?? 0) + 1)
  }
  const { labels, counts, label, entropy, purity } = describeTally(tally)
  summary.distinctLabels.push(labels)
  summary.labelCounts.push(counts)
  summary.labels[region] = label ?? -1
  summary.labelEntropies[region] = entropy
  summary.purities[region] = purity
}
