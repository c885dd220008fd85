import type { Clustered, CondensedTree } from './types.ts'

/**
 * How each row lies in the condensed tree. With 1 / distance as density: its probability is the density at which it
 * leaves over that at which its cluster ends, 1 at most; its outlier score (GLOSH) is the share by which the former falls
 * short of the greatest density that the node has which it leaves, its parts included.
 */
export function describeRows(
  labels: Int32Array,
  { parent, death, cluster, nodeOfRow, leaves }: CondensedTree,
): Pick<Clustered, 'probabilities' | 'outlierScores'> {
  const ends: number[] = []
  cluster.forEach((number, node) => {
    if (number >= 0) ends[number] = death[node]
  })
  const densest = death.slice()
  for (let node = parent.length - 1; node > 0; node--)
    densest[parent[node]] = Math.min(densest[parent[node]], densest[node])
  return {
    probabilities: leaves.map((distance, row) =>
      labels[row] < 0 ? 0 : Math.min(1, ends[labels[row]] / distance),
    ),
    outlierScores: leaves.map((distance, row) => 1 - densest[nodeOfRow[row]] / distance),
  }
}
