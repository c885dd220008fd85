import { kernels, rowWords, type CodeRows } from '../kernels/index.ts'

/** Words compared before they are counted, a mebibyte. */
const TILE_WORDS = 2 ** 18

/**
 * Bits in which the rows that two sides have of each site differ.
 *
 * @param picksA row of a of each site
 * @param picksB row of b of each site
 * @returns one number a site
 */
export function siteDistances(
  a: Pick<CodeRows, 'words' | 'width'>,
  picksA: Int32Array,
  b: Pick<CodeRows, 'words' | 'width'>,
  picksB: Int32Array,
): Uint32Array {
  const { width } = a
  const distances = new Uint32Array(picksA.length)
  const sitesATile = Math.max(1, Math.floor(TILE_WORDS / width))
  const tile = new Uint32Array(sitesATile * width)
  for (let from = 0; from < picksA.length; from += sitesATile) {
    const to = Math.min(picksA.length, from + sitesATile)
    for (let site = from, at = 0; site < to; site++) {
      const rowA = picksA[site] * width
      const rowB = picksB[site] * width
      for (let word = 0; word < width; word++) tile[at++] = a.words[rowA + word] ^ b.words[rowB + word]
    }
    const used = tile.subarray(0, (to - from) * width)
    distances.set(kernels().popcounts(used, width, to - from), from)
  }
  return distances
}

/** Packed codes of the same sites by two networks. */
export interface PackedPair {
  /** Sites x stride bytes, zero after the last bit. */
  a: Uint8Array
  b: Uint8Array
  sites: number
}

/** As {@link siteDistances}, of codes as they are stored. */
export function packedDistances({ a, b, sites }: PackedPair): Uint32Array {
  const stride = a.length / sites
  const width = Math.ceil(stride / 4)
  const own = Int32Array.from({ length: sites }, (_, site) => site)
  const rows = (codes: Uint8Array) => ({ words: rowWords(codes, stride, sites), width })
  return siteDistances(rows(a), own, rows(b), own)
}
