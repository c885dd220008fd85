import type { Seeds } from './expand.ts'

/** A queue of regions to look at, first in, first out, in blocks of typed arrays. */
export class Frontier {
  readonly #blocks: Seeds[] = []
  /** Rows of the first block that are taken already. */
  #taken = 0
  #size = 0

  get size(): number {
    return this.#size
  }

  /** Appends regions. */
  add(seeds: Seeds): void {
    if (seeds.count === 0) return
    this.#blocks.push(seeds)
    this.#size += seeds.count
  }

  /** Takes up to `most` regions from the front: as many as its first block still holds. There must be one. */
  take(most: number): Seeds {
    const [block] = this.#blocks
    const from = this.#taken
    const to = Math.min(block.count, from + most)
    this.#taken = to
    this.#size -= to - from
    if (to === block.count) {
      this.#blocks.shift()
      this.#taken = 0
    }
    return rowsOf(block, from, to)
  }
}

/** Some rows, in memory of their own. */
function rowsOf({ count, codes, points }: Seeds, from: number, to: number): Seeds {
  const bytes = codes.length / count
  const dimension = points.length / count
  return {
    count: to - from,
    codes: codes.slice(from * bytes, to * bytes),
    points: points.slice(from * dimension, to * dimension),
  }
}
