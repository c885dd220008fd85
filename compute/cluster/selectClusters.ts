import type { BareTree } from './condense.ts'
import type { Clustered } from './types.ts'

/**
 * The clusters of a condensed tree, by excess of mass: the nodes, none inside of another, whose stabilities have the
 * greatest sum; of equal sums the larger node. Node 0, which holds everything, is none.
 */
export function selectClusters(tree: BareTree): Pick<Clustered, 'clusterCount' | 'labels' | 'tree'> {
  const nodeOfNode = selectedAbove(tree)
  const holders = tree.nodeOfRow.map((node) => nodeOfNode[node])
  const members = new Int32Array(tree.parent.length)
  const firsts = new Map<number, number>()
  holders.forEach((node, row) => {
    if (node < 0) return
    members[node]++
    if (!firsts.has(node)) firsts.set(node, row)
  })
  // Insertion is by first row, and the sort is stable.
  const order = [...firsts.keys()].sort((x, y) => members[y] - members[x])
  const cluster = new Int32Array(tree.parent.length).fill(-1)
  order.forEach((node, number) => (cluster[node] = number))
  return {
    clusterCount: order.length,
    labels: holders.map((node) => (node < 0 ? -1 : cluster[node])),
    tree: { ...tree, cluster },
  }
}

/** Of each node: itself where it is selected, the selected node that it lies in, or -1. */
function selectedAbove({ parent, stability }: BareTree): Int32Array {
  const best = stability.slice()
  const below = new Float64Array(parent.length)
  const wins = new Uint8Array(parent.length)
  for (let node = parent.length - 1; node > 0; node--) {
    wins[node] = Number(below[node] <= stability[node])
    if (!wins[node]) best[node] = below[node]
    below[parent[node]] += best[node]
  }
  const above = new Int32Array(parent.length).fill(-1)
  for (let node = 1; node < parent.length; node++) {
    if (above[parent[node]] >= 0) above[node] = above[parent[node]]
    else if (wins[node]) above[node] = node
  }
  return above
}
