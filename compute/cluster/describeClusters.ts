import { describeTally } from '../codes/index.ts'
import { permutation, randomBelow } from '../compare/random.ts'
import { runTask } from './pool.ts'

/** The rows of a clustering as regions of labelled sites. */
export interface LabelledRows {
  clusterCount: number
  /** Per row: its cluster, or -1 for noise. */
  clusters: Int32Array
  /** Per row, see `Clustered`. */
  probabilities: Float64Array
  /** Sites of each row, at least 1. */
  memberCounts: Int32Array
  /** Labels of the sites: row, label, how many of its sites have it, then the next; sites without a label are left out. */
  labelCounts: Int32Array
  /** Seed of the baseline's permutation. */
  seed: number
}

/** What a cluster holds. */
export interface ClusterDescription {
  rowCount: number
  memberCount: number
  /** Distinct labels of its sites, ascending, and how many have each. */
  labels: number[]
  labelCounts: number[]
  /** The most frequent label, ties to the smaller; null where no site has one. */
  label: number | null
  /** Entropy of the labels, bits; 0 without labels. */
  labelEntropy: number
  /** Share of the most frequent label; 1 without labels. */
  purity: number
  /** The row of greatest probability, ties to more sites, then to the lower row. */
  exemplar: number
}

/** What the clusters hold, one by one and all together. */
export interface ClustersDescription {
  clusters: ClusterDescription[]
  noiseRowCount: number
  noiseMemberCount: number
  /** Mean over the sites in clusters of the entropy of their cluster's labels, bits. */
  labelEntropy: number
  /** The same with the labels of the sites in clusters randomly permuted. */
  baselineLabelEntropy: number
}

/** Sizes and labels of clusters, on a worker thread: 8 bytes of memory a site in them. */
export function describeClusters(rows: LabelledRows, signal?: AbortSignal): Promise<ClustersDescription> {
  return runTask('describeLabelled', rows, signal)
}

/** See {@link describeClusters}; runs to its end on the calling thread. */
export function describeLabelled(rows: LabelledRows): ClustersDescription {
  const tallies = tallyLabels(rows)
  const { memberCounts, rowCounts } = countRows(rows)
  const exemplars = findExemplars(rows)
  const clusters = tallies.map((tally, cluster) => ({
    rowCount: rowCounts[cluster],
    memberCount: memberCounts[cluster],
    ...describedLabels(tally),
    exemplar: exemplars[cluster],
  }))
  const entropies = (found: readonly Tally[]) =>
    meanOver(
      memberCounts,
      found.map((tally) => describeTally(tally).entropy),
    )
  return {
    clusters,
    noiseRowCount: rowCounts[rows.clusterCount],
    noiseMemberCount: memberCounts[rows.clusterCount],
    labelEntropy: entropies(tallies),
    baselineLabelEntropy: entropies(tallyPermuted(rows)),
  }
}

/** Label to the number of sites that have it. */
type Tally = Map<number, number>

function emptyTallies({ clusterCount }: LabelledRows): Tally[] {
  return Array.from({ length: clusterCount }, () => new Map<number, number>())
}

function tallyLabels(rows: LabelledRows): Tally[] {
  const tallies = emptyTallies(rows)
  const { clusters, labelCounts } = rows
  for (let i = 0; i < labelCounts.length; i += 3) {
    const [row, label, count] = labelCounts.subarray(i, i + 3)
    if (clusters[row] >= 0) add(tallies[clusters[row]], label, count)
  }
  return tallies
}

/** As many sites in each cluster as before, the labels of all sites in clusters dealt out among them anew. */
function tallyPermuted(rows: LabelledRows): Tally[] {
  const { clusters, memberCounts, labelCounts, seed } = rows
  const sites = memberCounts.reduce((sum, count, row) => sum + (clusters[row] < 0 ? 0 : count), 0)
  const labelOfSite = new Int32Array(sites).fill(-1)
  let end = 0
  for (let i = 0; i < labelCounts.length; i += 3) {
    const [row, label, count] = labelCounts.subarray(i, i + 3)
    if (clusters[row] < 0) continue
    labelOfSite.fill(label, end, end + count)
    end += count
  }
  const order = permutation(sites, randomBelow(seed))
  const tallies = emptyTallies(rows)
  let site = 0
  clusters.forEach((cluster, row) => {
    if (cluster < 0) return
    for (const past = site + memberCounts[row]; site < past; site++) {
      const label = labelOfSite[order[site]]
      if (label >= 0) add(tallies[cluster], label, 1)
    }
  })
  return tallies
}

function add(tally: Tally, label: number, count: number): void {
  tally.set(label, (tally.get(label) ?? 0) + count)
}

/** Rows and sites of each cluster; behind the last one those of noise. */
function countRows({ clusterCount, clusters, memberCounts }: LabelledRows) {
  const rowCounts = new Int32Array(clusterCount + 1)
  const members = new Int32Array(clusterCount + 1)
  clusters.forEach((cluster, row) => {
    const place = cluster < 0 ? clusterCount : cluster
    rowCounts[place]++
    members[place] += memberCounts[row]
  })
  return { rowCounts, memberCounts: members }
}

function findExemplars({ clusterCount, clusters, probabilities, memberCounts }: LabelledRows): Int32Array {
  const exemplars = new Int32Array(clusterCount).fill(-1)
  clusters.forEach((cluster, row) => {
    if (cluster < 0) return
    const best = exemplars[cluster]
    const closer = probabilities[row] - probabilities[best]
    if (best < 0 || closer > 0 || (closer === 0 && memberCounts[row] > memberCounts[best]))
      exemplars[cluster] = row
  })
  return exemplars
}

function describedLabels(tally: Tally) {
  const { counts: labelCounts, entropy: labelEntropy, ...rest } = describeTally(tally)
  return { ...rest, labelCounts, labelEntropy }
}

/** Mean of values that count by weights; 0 where there is none. Weights behind the last value do not count. */
function meanOver(weights: Int32Array, values: readonly number[]): number {
  const total = values.reduce((sum, _, i) => sum + weights[i], 0)
  return total === 0 ? 0 : values.reduce((sum, value, i) => sum + weights[i] * value, 0) / total
}
