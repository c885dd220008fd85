import type { Activity } from './activity.ts'
import { commonOnes } from '../kernels/wasm/commonWords.ts'

/** Words of a block of sites: 16,384 sites, so that 1,024 planes take 2 MiB and stay in the second-level cache. */
const BLOCK_WORDS = 512

/**
 * Pearson's correlation over sites of every unit of a with every unit of b. With one position a unit's activity is
 * a bit and this is the phi coefficient. A unit that never changes correlates 0. Sites are transposed in blocks:
 * memory grows with units and the block, not with sites.
 *
 * @returns a.units x b.units
 */
export function correlateUnits(a: Activity, b: Activity): Float64Array {
  const products = new Float64Array(a.units * b.units)
  const sites = a.regionOfSite.length
  for (let from = 0; from < sites; from += BLOCK_WORDS * 32) {
    const to = Math.min(sites, from + BLOCK_WORDS * 32)
    // Zero words fill the last block up: they add no ones.
    const words = Math.ceil((to - from) / 256) * 8
    const planesA = transposeBlock(a, from, to, words)
    const planesB = transposeBlock(b, from, to, words)
    addProducts(a, planesA, b, planesB, words, products)
  }
  return normalise(products, a, b, sites)
}

/** Turns the planes of a block of sites: one row of site bits a plane. */
function transposeBlock(activity: Activity, from: number, to: number, words: number): Uint32Array {
  const { planes, planeWords, regionOfSite, firstPlane, units } = activity
  const turned = new Uint32Array(firstPlane[units] * words)
  for (let site = from; site < to; site++) {
    const at = (site - from) >>> 5
    const bit = 1 << (site & 31)
    const row = regionOfSite[site] * planeWords
    for (let word = 0; word < planeWords; word++) {
      let rest = planes[row + word]
      while (rest !== 0) {
        const low = 31 - Math.clz32(rest & -rest)
        turned[(word * 32 + low) * words + at] |= bit
        rest &= rest - 1
      }
    }
  }
  return turned
}

/** Adds the block's sums of count products: plane p of one unit and q of the other weigh 2^(p + q). */
function addProducts(
  a: Activity,
  planesA: Uint32Array,
  b: Activity,
  planesB: Uint32Array,
  words: number,
  products: Float64Array,
): void {
  for (let unitA = 0; unitA < a.units; unitA++) {
    for (let unitB = 0; unitB < b.units; unitB++) {
      let sum = 0
      for (let p = a.firstPlane[unitA]; p < a.firstPlane[unitA + 1]; p++) {
        const weight = p - a.firstPlane[unitA] - b.firstPlane[unitB]
        for (let q = b.firstPlane[unitB]; q < b.firstPlane[unitB + 1]; q++) {
          sum += commonOnes(planesA, p * words, planesB, q * words, words) * 2 ** (weight + q)
        }
      }
      products[unitA * b.units + unitB] += sum
    }
  }
}

/** Sums of products to correlations, in place. */
function normalise(products: Float64Array, a: Activity, b: Activity, sites: number): Float64Array {
  const spreadA = a.squares.map((squares, unit) => sites * squares - a.sums[unit] ** 2)
  const spreadB = b.squares.map((squares, unit) => sites * squares - b.sums[unit] ** 2)
  for (let i = 0; i < products.length; i++) {
    const unitA = Math.floor(i / b.units)
    const unitB = i % b.units
    const spread = spreadA[unitA] * spreadB[unitB]
    const covariance = sites * products[i] - a.sums[unitA] * b.sums[unitB]
    products[i] = spread === 0 ? 0 : covariance / Math.sqrt(spread)
  }
  return products
}
