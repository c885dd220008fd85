import { entropyOf } from '../codes/index.ts'
import { expectedXLogX, xLogX } from './hypergeometric.ts'

/** Sites by label, of all sites and of those at which a unit fires; sites without a label come last and count apart. */
export interface Firing {
  sizes: Float64Array
  fires: Float64Array
}

/** What the firing of a unit says of the labels, in bits. */
export interface FiringStatistics {
  /** Share of all sites at which it fires. */
  firingRate: number
  /** The most frequent label where it fires, ties to the smaller; null where there is none. */
  label: number | null
  /** Share of that label. */
  purity: number
  /** Entropy of the labels where it fires; 0 where it never does. */
  labelEntropy: number
  /** Between firing and label. */
  mutualInformation: number
}

/** Statistics of a unit over the sites that have a label; the rate is over all sites. */
export function firingStatistics({ sizes, fires }: Firing): FiringStatistics {
  const [all, on] = [total(sizes), total(fires)]
  const labelled = fires.subarray(0, -1)
  const known = total(labelled)
  const most = labelled.reduce((best, count) => Math.max(best, count), 0)
  return {
    firingRate: all === 0 ? 0 : on / all,
    label: most === 0 ? null : labelled.indexOf(most),
    purity: most === 0 ? 1 : most / known,
    labelEntropy: entropyOf(labelled),
    mutualInformation: informationOf(
      sizes.subarray(0, -1),
      (label) => xLogX(labelled[label]),
      (label) => xLogX(sizes[label] - labelled[label]),
      known,
    ),
  }
}

/**
 * What to expect of a unit that fires at as many labelled sites, drawn at random: exact expectations over all
 * permutations of the labels, from the hypergeometric distribution.
 */
export function firingByChance({
  sizes,
  fires,
}: Firing): Pick<FiringStatistics, 'labelEntropy' | 'mutualInformation'> {
  const known = total(fires.subarray(0, -1))
  const labels = sizes.subarray(0, -1)
  const sites = total(labels)
  const expected = (drawn: number) => (label: number) =>
    drawn === 0 || labels[label] === 0 ? 0 : expectedXLogX(sites, drawn, labels[label])
  const within = expected(known)
  const sum = labels.reduce((sum, _, label) => sum + within(label), 0)
  return {
    labelEntropy: known === 0 ? 0 : Math.max(0, (Math.log(known) - sum / known) / Math.LN2),
    mutualInformation: informationOf(labels, within, expected(sites - known), known),
  }
}

/**
 * Mutual information of a cut of labelled sites in two with the labels, in bits: with S the sum of x ln x over the cells,
 * (n ln n + S of cells - S of labels - S of the two parts) / n.
 */
function informationOf(
  labels: Float64Array,
  inside: (label: number) => number,
  outside: (label: number) => number,
  known: number,
): number {
  const sites = total(labels)
  if (sites === 0) return 0
  let sum = xLogX(sites) - xLogX(known) - xLogX(sites - known)
  for (let label = 0; label < labels.length; label++)
    sum += inside(label) + outside(label) - xLogX(labels[label])
  return Math.max(0, sum / sites / Math.LN2)
}

function total(counts: Float64Array): number {
  return counts.reduce((sum, count) => sum + count, 0)
}
