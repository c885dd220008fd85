import type { Hierarchy } from './hierarchy.ts'
import type { CondensedTree } from './types.ts'

/** A condensed tree of which no clusters are selected yet. */
export type BareTree = Omit<CondensedTree, 'cluster'>

/** The condensed tree of a hierarchy, see {@link CondensedTree}. There must be two rows at least. */
export function condense(hierarchy: Hierarchy, minClusterSize: number): BareTree {
  const { rows, distances, starts, children, sizes } = hierarchy
  const tree = new TreeBuilder(hierarchy)
  /** The condensed node that holds each node of the hierarchy; -1 of those that fell out. */
  const holder = new Int32Array(distances.length).fill(-1)
  holder[distances.length - 1] = tree.add(-1, Infinity, rows)
  // A node's number is less than its parent's: distances fall.
  for (let node = distances.length - 1; node >= 0; node--) {
    const held = holder[node]
    if (held < 0) continue
    const distance = distances[node]
    const below = children.slice(starts[node], starts[node + 1])
    const large = below.filter((child) => sizes[child] >= minClusterSize)
    for (const child of below) if (sizes[child] < minClusterSize) tree.dropOut(child, held, distance)
    if (large.length === 1) {
      holder[large[0] - rows] = held
      continue
    }
    tree.end(held, distance)
    for (const child of large) {
      tree.leave(held, distance, sizes[child])
      holder[child - rows] = tree.add(held, distance, sizes[child])
    }
  }
  return tree.tree()
}

class TreeBuilder {
  readonly #hierarchy: Hierarchy
  readonly #parent: number[] = []
  readonly #birth: number[] = []
  readonly #death: number[] = []
  readonly #size: number[] = []
  readonly #stability: number[] = []
  readonly #nodeOfRow: Int32Array
  readonly #leaves: Float64Array

  constructor(hierarchy: Hierarchy) {
    this.#hierarchy = hierarchy
    this.#nodeOfRow = new Int32Array(hierarchy.rows)
    this.#leaves = new Float64Array(hierarchy.rows)
  }

  add(parent: number, birth: number, size: number): number {
    this.#parent.push(parent)
    this.#birth.push(birth)
    this.#death.push(birth)
    this.#size.push(size)
    this.#stability.push(0)
    return this.#parent.length - 1
  }

  end(node: number, distance: number): void {
    this.#death[node] = distance
  }

  /** So many rows leave a node. */
  leave(node: number, distance: number, rows: number): void {
    this.#stability[node] += rows * (1 / distance - 1 / this.#birth[node])
  }

  /** All rows below a row or node of the hierarchy leave a node, and are in no other. */
  dropOut(top: number, node: number, distance: number): void {
    const { rows, starts, children, sizes } = this.#hierarchy
    this.leave(node, distance, sizes[top])
    const waiting = [top]
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (next < rows) {
        this.#nodeOfRow[next] = node
        this.#leaves[next] = distance
        continue
      }
      for (let at = starts[next - rows]; at < starts[next - rows + 1]; at++) waiting.push(children[at])
    }
  }

  tree(): BareTree {
    return {
      parent: Int32Array.from(this.#parent),
      birth: Float64Array.from(this.#birth),
      death: Float64Array.from(this.#death),
      size: Int32Array.from(this.#size),
      stability: Float64Array.from(this.#stability),
      nodeOfRow: this.#nodeOfRow,
      leaves: this.#leaves,
    }
  }
}
