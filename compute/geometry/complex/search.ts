import { CodeGrouper } from '../../codes/index.ts'
import type { ExpandedRegions, Seeds } from './expand.ts'
import { Frontier } from './frontier.ts'

/** Numbers the regions of a breadth-first search: a code gets its number when it is found first. */
export class Search {
  readonly #known: CodeGrouper
  readonly #frontier = new Frontier()
  /** Regions taken from the frontier, ever. */
  #taken = 0

  constructor(bitCount: number) {
    this.#known = new CodeGrouper(bitCount)
  }

  /** Regions found so far. */
  get found(): number {
    return this.#known.regionCount
  }

  /** Regions that were taken, or explored before. */
  get taken(): number {
    return this.#taken
  }

  /** Notes regions that were explored before, in order; the frontier comes after them. */
  addExplored(codes: Uint8Array, rows: number): void {
    this.#known.add(codes, rows)
    this.#taken += rows
  }

  /** Adds regions to the frontier, of which none is known. */
  addFrontier(seeds: Seeds): void {
    this.#known.add(seeds.codes, seeds.count)
    this.#frontier.add(seeds)
  }

  /** Takes up to `most` regions from the frontier: fewer where that is simpler, none only where it is empty. */
  take(most: number): { first: number; seeds: Seeds } | undefined {
    if (this.#frontier.size === 0 || most <= 0) return undefined
    const first = this.#taken
    const seeds = this.#frontier.take(most)
    this.#taken += seeds.count
    return { first, seeds }
  }

  /**
   * Numbers the regions across the facets of explored ones; those not known yet join the frontier.
   * @returns per facet the number of the region across, -1 for a side of the box, and the regions not known before
   */
  merge({ sources, across }: ExpandedRegions): { neighbors: Int32Array; fresh: Seeds } {
    let found = this.found
    const numbers = this.#known.add(across.codes, across.count)
    const rows: number[] = []
    numbers.forEach((number, row) => {
      if (number < found) return
      rows.push(row)
      found++
    })
    const fresh = selectRows(across, rows)
    this.#frontier.add(fresh)
    let next = 0
    return { neighbors: sources.map((source) => (source < 0 ? -1 : numbers[next++])), fresh }
  }
}

function selectRows({ count, codes, points }: Seeds, rows: readonly number[]): Seeds {
  const bytes = count === 0 ? 0 : codes.length / count
  const dimension = count === 0 ? 0 : points.length / count
  const selected = {
    count: rows.length,
    codes: new Uint8Array(rows.length * bytes),
    points: new Float64Array(rows.length * dimension),
  }
  rows.forEach((row, i) => {
    selected.codes.set(codes.subarray(row * bytes, (row + 1) * bytes), i * bytes)
    selected.points.set(points.subarray(row * dimension, (row + 1) * dimension), i * dimension)
  })
  return selected
}
