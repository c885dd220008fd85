import type { LabelCurve } from './types.ts'

/**
 * Follows directions down their sites, from the greatest activation on, and counts labels: one step a site, since only
 * the count of its label changes. Sites without a label are in the sets, but nothing is said of them.
 */
export class LabelCurveBuilder {
  readonly #labels: Int32Array
  /** Sites by label. */
  readonly #sizes: Float64Array
  /** x ln x by x. */
  readonly #xLogX: Float64Array
  readonly #curve: LabelCurve
  /** Sum over the labels of x ln x of their sites. */
  readonly #labelSum: number
  readonly #known: number

  /** @param labels of all sites, -1 for none */
  constructor(labels: Int32Array) {
    this.#labels = labels
    const classes = labels.reduce((most, label) => Math.max(most, label + 1), 0)
    this.#sizes = new Float64Array(classes)
    for (const label of labels) if (label >= 0) this.#sizes[label]++
    this.#xLogX = Float64Array.from({ length: labels.length + 1 }, (_, x) => (x === 0 ? 0 : x * Math.log(x)))
    this.#labelSum = this.#sizes.reduce((sum, size) => sum + this.#xLogX[size], 0)
    this.#known = this.#sizes.reduce((sum, size) => sum + size, 0)
    this.#curve = {
      directionCounts: new Int32Array(labels.length),
      labelEntropy: new Float64Array(labels.length),
      leastLabelEntropy: new Float64Array(labels.length).fill(Infinity),
      purity: new Float64Array(labels.length),
      mutualInformation: new Float64Array(labels.length),
    }
  }

  /** Adds a direction. @param order the sites at which it is above 0, from the greatest on */
  add(order: Int32Array): void {
    const { directionCounts, labelEntropy, leastLabelEntropy, purity, mutualInformation } = this.#curve
    const table = this.#xLogX
    const inside = new Float64Array(this.#sizes.length)
    let [known, most, insideSum, outsideSum] = [0, 0, 0, this.#labelSum]
    const all = this.#known
    for (let m = 0; m < order.length; m++) {
      const label = this.#labels[order[m]]
      if (label >= 0) {
        const count = ++inside[label]
        const rest = this.#sizes[label] - count
        known++
        most = Math.max(most, count)
        insideSum += table[count] - table[count - 1]
        outsideSum += table[rest] - table[rest + 1]
      }
      const entropy = known === 0 ? 0 : Math.max(0, (table[known] - insideSum) / known / Math.LN2)
      const cells = table[all] - table[known] - table[all - known] + insideSum + outsideSum - this.#labelSum
      directionCounts[m]++
      labelEntropy[m] += entropy
      leastLabelEntropy[m] = Math.min(leastLabelEntropy[m], entropy)
      purity[m] += known === 0 ? 1 : most / known
      mutualInformation[m] += all === 0 ? 0 : Math.max(0, cells / all / Math.LN2)
    }
  }

  /** Means over the directions so far. */
  curve(): LabelCurve {
    const { directionCounts, leastLabelEntropy, ...sums } = this.#curve
    const mean = (values: Float64Array) => values.map((sum, m) => sum / Math.max(1, directionCounts[m]))
    return {
      directionCounts: directionCounts.slice(),
      labelEntropy: mean(sums.labelEntropy),
      leastLabelEntropy: leastLabelEntropy.map((least) => (least === Infinity ? 0 : least)),
      purity: mean(sums.purity),
      mutualInformation: mean(sums.mutualInformation),
    }
  }
}

/** Sites that may be sorted by {@link sitesByActivation}: 21 bits of a key. */
export const MAX_SITES = 2 ** 21

/**
 * The sites at which a direction is above 0, from the greatest on, of equal ones the first site first. A float32 above 0
 * sorts as its bits do: with the site below them, a key fits the 53 bits of a float64, and numbers sort four times as
 * fast as indices by a comparison.
 */
export function sitesByActivation(activations: Float32Array): Int32Array {
  const bits = new Uint32Array(activations.buffer, activations.byteOffset, activations.length)
  const keys = new Float64Array(activations.length)
  let count = 0
  for (let site = 0; site < activations.length; site++) {
    if (activations[site] > 0) keys[count++] = bits[site] * MAX_SITES + (MAX_SITES - 1 - site)
  }
  const sorted = keys.subarray(0, count).sort()
  return Int32Array.from({ length: count }, (_, i) => MAX_SITES - 1 - (sorted[count - 1 - i] % MAX_SITES))
}
