import { MAX_OVERLAP } from '../contract.ts'

/**
 * The distinct distances among a site's nearest neighbours on one side, ascending, until `wanted` sites are reached.
 * A distance below the greatest of them has fewer than `wanted` sites before it: there are at most `wanted` levels,
 * and every distance up to the greatest that occurs is one.
 */
export class NearestLevels {
  /** Number of levels. */
  length = 0
  /** Greatest distance of a level; -1 of none. */
  reach = -1
  /** Level of each distance up to `reach` that occurs. */
  readonly levelOf: Int32Array
  /** Sites nearer than each level. */
  readonly closer = new Float64Array(MAX_OVERLAP)
  /** Sites at each level. */
  readonly tied = new Float64Array(MAX_OVERLAP)
  readonly #sites: Float64Array

  /** @param bitCount greatest distance */
  constructor(bitCount: number) {
    this.levelOf = new Int32Array(bitCount + 1)
    this.#sites = new Float64Array(bitCount + 1)
  }

  /**
   * Finds the levels of one site.
   *
   * @param distances from the site's region to every region
   * @param sizes sites of each region; the site itself is not its own neighbour
   * @param wanted at most {@link MAX_OVERLAP} and at most the number of other sites
   */
  find(distances: Int32Array, sizes: Int32Array, wanted: number): void {
    const sites = this.#sites
    sites.fill(0)
    for (let region = 0; region < sizes.length; region++) sites[distances[region]] += sizes[region]
    sites[0]--
    this.length = 0
    this.reach = -1
    let closer = 0
    for (let distance = 0; closer < wanted; distance++) {
      if (sites[distance] === 0) continue
      this.closer[this.length] = closer
      this.tied[this.length] = sites[distance]
      this.levelOf[distance] = this.length++
      this.reach = distance
      closer += sites[distance]
    }
  }
}
