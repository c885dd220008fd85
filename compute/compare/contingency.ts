/** The cross table of two partitions: its occupied cells, by region of a and then of b. At most one a site. */
export interface Contingency {
  siteCount: number
  /** Region of a of each cell, ascending. */
  a: Int32Array
  /** Region of b of each cell, ascending inside one region of a. */
  b: Int32Array
  /** Sites of each cell, at least 1. */
  count: Int32Array
  /** Sites of each region of a. */
  sizesA: Int32Array
  /** Sites of each region of b. */
  sizesB: Int32Array
}

/**
 * Counts the sites of each pair of regions. Two counting sorts: time and memory grow with sites and regions, never
 * with their product. The arrays are in shared memory, so that worker threads read them without copies.
 *
 * @param regionA region of a of each site
 * @param regionB region of b of each site
 */
export function crossTabulate(
  regionA: Int32Array,
  regionsA: number,
  regionB: Int32Array,
  regionsB: number,
): Contingency {
  const siteCount = regionA.length
  const sizesA = countSizes(regionA, regionsA)
  const sizesB = countSizes(regionB, regionsB)
  const bySideB = sortBy(
    Int32Array.from({ length: siteCount }, (_, site) => site),
    regionB,
    sizesB,
  )
  const sites = sortBy(bySideB, regionA, sizesA)
  const begins = (i: number): boolean =>
    i === 0 || regionA[sites[i]] !== regionA[sites[i - 1]] || regionB[sites[i]] !== regionB[sites[i - 1]]
  let cells = 0
  for (let i = 0; i < siteCount; i++) if (begins(i)) cells++

  const table = { a: sharedInts(cells), b: sharedInts(cells), count: sharedInts(cells) }
  let cell = -1
  for (let i = 0; i < siteCount; i++) {
    if (begins(i)) {
      cell++
      table.a[cell] = regionA[sites[i]]
      table.b[cell] = regionB[sites[i]]
    }
    table.count[cell]++
  }
  return { siteCount, ...table, sizesA, sizesB }
}

/** The distinct positive values of an array, ascending, and how often each occurs. */
export interface Multiset {
  values: number[]
  times: number[]
}

/**
 * Counts equal values. n sites have at most sqrt(2 n) distinct region sizes, so that sums over regions become short.
 *
 * @param sizes zeros are left out
 */
export function countEqual(sizes: Int32Array): Multiset {
  const counts = new Map<number, number>()
  for (const size of sizes) if (size > 0) counts.set(size, (counts.get(size) ?? 0) + 1)
  const sorted = [...counts].sort(([x], [y]) => x - y)
  return { values: sorted.map(([value]) => value), times: sorted.map(([, times]) => times) }
}

/** Sites of each region. */
export function countSizes(regions: Int32Array, regionCount: number): Int32Array {
  const sizes = sharedInts(regionCount)
  for (const region of regions) sizes[region]++
  return sizes
}

/** Stable counting sort of sites by their region. */
function sortBy(sites: Int32Array, regions: Int32Array, sizes: Int32Array): Int32Array {
  const next = new Int32Array(sizes.length)
  for (let region = 1; region < sizes.length; region++) next[region] = next[region - 1] + sizes[region - 1]
  const sorted = new Int32Array(sites.length)
  for (const site of sites) sorted[next[regions[site]]++] = site
  return sorted
}

function sharedInts(length: number): Int32Array {
  return new Int32Array(new SharedArrayBuffer(length * 4))
}
