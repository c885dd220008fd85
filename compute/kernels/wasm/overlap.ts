import { MAX_OVERLAP } from '../contract.ts'
import type { NearestLevels } from './nearestLevels.ts'

/**
 * Expected overlap of the k nearest neighbours on two sides, for k = 1 … 50. Ties at the k-th distance are broken at
 * random, independently on both sides: a site nearer than the k-th distance is a neighbour for certain, one at it
 * with probability (k - closer) / tied. The overlap is the sum over sites of the product of both probabilities, over
 * k. With N(i, j) the sites before level i on side a and before level j on side b, that sum interpolates N
 * bilinearly between the levels that hold the k-th neighbour.
 *
 * With fewer than k other sites, all of them are neighbours and the overlap is 1. Equal partitions reach 1 only
 * where no ties are broken.
 */
export class OverlapCounter {
  /** Sum over sites of the overlap (a share, 0 to 1), at [k - 1]. */
  readonly sums = new Float64Array(MAX_OVERLAP)
  readonly #stride = MAX_OVERLAP + 1
  /** Sites by level of a and b, both shifted by one; then N. */
  readonly #joint = new Float64Array(this.#stride * this.#stride)

  /** Starts a site: forgets the joint counts of the last. */
  reset(a: NearestLevels, b: NearestLevels): void {
    for (let i = 0; i <= a.length; i++) this.#joint.fill(0, i * this.#stride, i * this.#stride + b.length + 1)
  }

  /** Counts sites at a level of a and a level of b. */
  count(levelA: number, levelB: number, sites: number): void {
    this.#joint[(levelA + 1) * this.#stride + levelB + 1] += sites
  }

  /**
   * Ends a site: adds its overlaps for k = 1 … wanted, and 1 for every greater k.
   *
   * @param times equal sites that this one stands for
   */
  finish(a: NearestLevels, b: NearestLevels, wanted: number, times: number): void {
    const joint = this.#joint
    const stride = this.#stride
    for (let i = 1; i <= a.length; i++) {
      let row = 0
      for (let j = 1; j <= b.length; j++) {
        row += joint[i * stride + j]
        joint[i * stride + j] = row + joint[(i - 1) * stride + j]
      }
    }
    let i = 0
    let j = 0
    for (let k = 1; k <= wanted; k++) {
      if (k > a.closer[i] + a.tied[i]) i++
      if (k > b.closer[j] + b.tied[j]) j++
      const shareA = (k - a.closer[i]) / a.tied[i]
      const shareB = (k - b.closer[j]) / b.tied[j]
      const corner = i * stride + j
      const before = joint[corner] + shareB * (joint[corner + 1] - joint[corner])
      const after = joint[corner + stride] + shareB * (joint[corner + stride + 1] - joint[corner + stride])
      this.sums[k - 1] += (times * (before + shareA * (after - before))) / k
    }
    for (let k = wanted; k < MAX_OVERLAP; k++) this.sums[k] += times
  }
}
