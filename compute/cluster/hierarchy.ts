import { rootOf } from './rootOf.ts'

/**
 * The single linkage hierarchy of rows: which groups join as the distance grows. Groups that join at one distance are
 * the children of one node, so that it is the same for every minimum spanning tree of the rows.
 */
export interface Hierarchy {
  rows: number
  /** Per node: the distance at which its children join. Nodes are in order of distance, the last holds all rows. */
  distances: number[]
  /** Nodes + 1: node i has the children children[starts[i]] … children[starts[i + 1] - 1]. */
  starts: number[]
  /** Rows, and nodes as rows + their number. */
  children: number[]
  /** Per row and node: rows below. */
  sizes: Int32Array
}

/** @param from, to, distances the edges of a minimum spanning tree, in any order */
export function hierarchyOf(
  rows: number,
  from: Int32Array,
  to: Int32Array,
  distances: ArrayLike<number>,
): Hierarchy {
  const order = Uint32Array.from(from.keys()).sort((x, y) => distances[x] - distances[y])
  const groups = new Groups(rows)
  for (let first = 0; first < order.length;) {
    const distance = distances[order[first]]
    let last = first
    for (; last < order.length && distances[order[last]] === distance; last++)
      groups.join(from[order[last]], to[order[last]])
    groups.close(distance)
    first = last
  }
  return groups.hierarchy()
}

/** Groups of rows that join, by union and find. */
class Groups {
  readonly #rows: number
  /** Of each row, another row of its group, or itself: then it stands for the group. */
  readonly #parent: Int32Array
  /** Of each row that stands for a group: the row or node that the group is. */
  readonly #top: Int32Array
  /** Of groups that join at the current distance: their rows and nodes. */
  readonly #joining = new Map<number, number[]>()
  readonly #distances: number[] = []
  readonly #starts: number[] = [0]
  readonly #children: number[] = []
  readonly #sizes: Int32Array

  constructor(rows: number) {
    this.#rows = rows
    this.#parent = Int32Array.from({ length: rows }, (_, row) => row)
    this.#top = this.#parent.slice()
    this.#sizes = new Int32Array(2 * rows).fill(1, 0, rows)
  }

  /** Joins the groups of two rows, which must be two. */
  join(a: number, b: number): void {
    let [large, small] = [rootOf(this.#parent, a), rootOf(this.#parent, b)]
    if (this.#below(large).length < this.#below(small).length) [large, small] = [small, large]
    const children = this.#below(large)
    for (const child of this.#below(small)) children.push(child)
    this.#joining.delete(small)
    this.#joining.set(large, children)
    this.#parent[small] = large
  }

  /** Makes a node of every group that has joined since the last one. */
  close(distance: number): void {
    for (const [group, children] of this.#joining) {
      const node = this.#rows + this.#distances.length
      for (const child of children) {
        this.#children.push(child)
        this.#sizes[node] += this.#sizes[child]
      }
      this.#distances.push(distance)
      this.#starts.push(this.#children.length)
      this.#top[group] = node
    }
    this.#joining.clear()
  }

  hierarchy(): Hierarchy {
    return {
      rows: this.#rows,
      distances: this.#distances,
      starts: this.#starts,
      children: this.#children,
      sizes: this.#sizes,
    }
  }

  #below(group: number): number[] {
    return this.#joining.get(group) ?? [this.#top[group]]
  }
}
