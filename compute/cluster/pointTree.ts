import type { TreeEdges } from '../kernels/index.ts'
import { inShares } from './inShares.ts'
import type { Points } from './pointDistances.ts'
import { runTask } from './pool.ts'
import { rootOf } from './rootOf.ts'

interface TreeOptions {
  signal?: AbortSignal | undefined
  /** Called with the points that have joined others. */
  onProgress(joined: number): void
}

/**
 * The minimum spanning tree of points under mutual reachability, by Borůvka's rounds: every group but the largest, which
 * waits for the others, joins its nearest other group. A point whose nearest point outside has come into its group needs
 * a new one only where the old distance, which bounds the new one from below, is not above the best of its group: most
 * points are looked at once. Of equal distances the pair with the lower points counts first, so that no round closes a
 * circle.
 */
export async function pointTree(
  points: Points,
  core: Float64Array,
  { signal, onProgress }: TreeOptions,
): Promise<TreeEdges<Float64Array>> {
  const forest = new Forest(points.points.rows)
  for (let picks = forest.all(); picks.length > 0; picks = forest.next()) {
    const groups = forest.groups()
    await inShares(
      picks,
      (share) => runTask('nearestOutside', { ...points, picks: share, core, groups }, signal),
      (share, { distances, points: others }) =>
        share.forEach((pick, i) => forest.setNearest(pick, others[i], distances[i])),
    )
    onProgress(forest.joined)
  }
  return forest.edges()
}

/** Groups of points that join, what is nearest to each point outside of its group, and the edges so far. */
class Forest {
  readonly #parent: Int32Array
  readonly #nearest: Int32Array
  readonly #distance: Float64Array
  readonly #from: number[] = []
  readonly #to: number[] = []
  readonly #distances: number[] = []

  constructor(points: number) {
    this.#parent = Int32Array.from({ length: points }, (_, point) => point)
    this.#nearest = new Int32Array(points)
    this.#distance = new Float64Array(points)
  }

  get joined(): number {
    return this.#from.length
  }

  /** All points, or none where there is but one. */
  all(): Int32Array {
    return this.#parent.length > 1 ? this.#parent.slice() : new Int32Array(0)
  }

  /** One number a group, by point; in shared memory, since every thread reads it. */
  groups(): Int32Array {
    const groups = new Int32Array(new SharedArrayBuffer(4 * this.#parent.length))
    this.#parent.forEach((_, point) => (groups[point] = rootOf(this.#parent, point)))
    return groups
  }

  setNearest(point: number, other: number, distance: number): void {
    this.#nearest[point] = other
    this.#distance[point] = distance
  }

  /** Joins what can be joined, and answers the points that must be looked at again before the next round. */
  next(): Int32Array {
    for (;;) {
      const best = this.#bestOfSmaller()
      const stale = this.#staleWithin(best)
      if (stale.length > 0 || best.size === 0) return stale
      for (const point of best.values()) this.#join(point)
    }
  }

  edges(): TreeEdges<Float64Array> {
    return {
      from: Int32Array.from(this.#from),
      to: Int32Array.from(this.#to),
      distances: Float64Array.from(this.#distances),
    }
  }

  /** Of each group but the largest the point whose pair comes first, see {@link #isBefore}. */
  #bestOfSmaller(): Map<number, number> {
    const best = new Map<number, number>()
    const sizes = new Map<number, number>()
    this.#parent.forEach((_, point) => {
      const group = rootOf(this.#parent, point)
      const known = best.get(group)
      if (known === undefined || this.#isBefore(point, known)) best.set(group, point)
      sizes.set(group, (sizes.get(group) ?? 0) + 1)
    })
    const [largest] = [...sizes].reduce((most, next) => (next[1] > most[1] ? next : most))
    best.delete(largest)
    return best
  }

  /** Whether a point's pair comes before another's: one that leads outside before one that does not, then the shorter. */
  #isBefore(a: number, b: number): boolean {
    const [outsideA, outsideB] = [this.#leadsOutside(a), this.#leadsOutside(b)]
    if (outsideA !== outsideB) return outsideA
    if (this.#distance[a] !== this.#distance[b]) return this.#distance[a] < this.#distance[b]
    const [lowA, lowB] = [Math.min(a, this.#nearest[a]), Math.min(b, this.#nearest[b])]
    return lowA !== lowB ? lowA < lowB : Math.max(a, this.#nearest[a]) < Math.max(b, this.#nearest[b])
  }

  #leadsOutside(point: number): boolean {
    return rootOf(this.#parent, point) !== rootOf(this.#parent, this.#nearest[point])
  }

  /** Points of these groups whose nearest point is in their own group by now, and who might have a nearer one than its best. */
  #staleWithin(best: ReadonlyMap<number, number>): Int32Array {
    return this.#parent
      .map((_, point) => point)
      .filter((point) => {
        const first = best.get(rootOf(this.#parent, point))
        if (first === undefined || this.#leadsOutside(point)) return false
        return !this.#leadsOutside(first) || this.#distance[point] <= this.#distance[first]
      })
  }

  #join(point: number): void {
    const [a, b] = [rootOf(this.#parent, point), rootOf(this.#parent, this.#nearest[point])]
    if (a === b) return
    this.#parent[a] = b
    this.#from.push(point)
    this.#to.push(this.#nearest[point])
    this.#distances.push(this.#distance[point])
  }
}
