import { setImmediate } from 'node:timers/promises'
import { entropyOf } from '../../../compute/codes/index.ts'

/** Sites that are tallied before the event loop serves others: some milliseconds. */
const SITES_A_TURN = 1 << 16

/** Nodes of a level. */
export interface Choice {
  /** Ascending. */
  nodes: number[]
  /** Whether these are all that have enough members. */
  all: boolean
}

/** At most `most` of the nodes with `minMembers` members or more: the greatest, of equals the first. Linear time. */
export function greatestNodes(counts: Uint32Array, minMembers: number, most: number): Choice {
  const greatest = counts.reduce((a, b) => Math.max(a, b), 0)
  const nodesOfSize = new Int32Array(greatest + 1)
  for (const count of counts) nodesOfSize[count]++
  let room = most
  let size = greatest
  while (size >= minMembers && nodesOfSize[size] <= room) room -= nodesOfSize[size--]
  // All nodes greater than `size` fit, and of those of this size the first ones.
  const nodes: number[] = []
  for (const [node, count] of counts.entries())
    if (count > size || (count === size && size >= minMembers && room-- > 0)) nodes.push(node)
  return { nodes, all: size < minMembers }
}

/** Counts the labels of the sites of each node; `nodeOf` is -1 for a site of none, a label -1 where there is none. */
export async function labelTallies(
  nodeOf: Int32Array,
  labels: Int32Array,
  nodes: readonly { labels: Map<number, number> }[],
): Promise<void> {
  for (let site = 0; site < nodeOf.length; site++) {
    if (site > 0 && site % SITES_A_TURN === 0) await setImmediate()
    if (nodeOf[site] < 0 || labels[site] < 0) continue
    const tally = nodes[nodeOf[site]].labels
    tally.set(labels[site], (tally.get(labels[site]) ?? 0) + 1)
  }
}

/** Entropy of a node's labels, bits. */
export function labelEntropyOf({ labels }: { labels: ReadonlyMap<number, number> }): number {
  return entropyOf(labels.values())
}
