import type { Contingency } from './contingency.ts'
import type { RegionMatches } from './types.ts'

/**
 * Matches regions one to one, greedily: the pair with the highest Jaccard index first, then the best among the
 * regions left, and so on; ties by more shared sites, then by the lower index in a, then in b. Every match shares
 * at least one site; a region whose partners are all taken stays without. Greedy matching maximises no sum: it
 * answers "which regions are the same", where the best pairs should not give way to many mediocre ones.
 */
export function matchRegions(table: Contingency): RegionMatches {
  const { a, b, count, sizesA, sizesB } = table
  const jaccard = new Float64Array(count.length)
  for (let cell = 0; cell < count.length; cell++) {
    jaccard[cell] = count[cell] / (sizesA[a[cell]] + sizesB[b[cell]] - count[cell])
  }
  // Cells are in order of a, then b already.
  const order = Int32Array.from(count, (_, cell) => cell).sort(
    (x, y) => jaccard[y] - jaccard[x] || count[y] - count[x] || x - y,
  )
  const takenA = new Uint8Array(sizesA.length)
  const takenB = new Uint8Array(sizesB.length)
  const matched = order.filter((cell) => {
    if (takenA[a[cell]] || takenB[b[cell]]) return false
    takenA[a[cell]] = 1
    takenB[b[cell]] = 1
    return true
  })
  return {
    a: matched.map((cell) => a[cell]),
    b: matched.map((cell) => b[cell]),
    jaccard: Float64Array.from(matched, (cell) => jaccard[cell]),
    shared: matched.map((cell) => count[cell]),
  }
}
