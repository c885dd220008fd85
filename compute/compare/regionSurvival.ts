import { countEqual, countSizes } from './contingency.ts'

/** The regions of one size, and those of them that are still there. */
export interface SizeSurvival {
  /** Sites of each of the regions. */
  size: number
  regions: number
  /** Regions that hold exactly the sites of a region of the other side. */
  surviving: number
}

/**
 * Which regions of a are regions of b as well, as sets of sites, counted by their size.
 *
 * @param regionA region of a of each site
 * @param regionB region of b of each site
 */
export function regionSurvival(
  regionA: Int32Array,
  regionsA: number,
  regionB: Int32Array,
  regionsB: number,
): SizeSurvival[] {
  const sizesA = countSizes(regionA, regionsA)
  const sizesB = countSizes(regionB, regionsB)
  // A region of a that lies inside one of b, and is as large, is that region.
  const inside = new Int32Array(regionsA).fill(-1)
  const scattered = new Uint8Array(regionsA)
  for (let site = 0; site < regionA.length; site++) {
    const a = regionA[site]
    if (inside[a] < 0) inside[a] = regionB[site]
    else if (inside[a] !== regionB[site]) scattered[a] = 1
  }
  const survivors = sizesA.filter((size, a) => scattered[a] === 0 && size === sizesB[inside[a]])
  const all = countEqual(sizesA)
  const left = countEqual(survivors)
  const surviving = new Map(left.values.map((size, i) => [size, left.times[i]]))
  return all.values.map((size, i) => ({ size, regions: all.times[i], surviving: surviving.get(size) ?? 0 }))
}
