import { kernels, zeroRows, type CodeRows } from '../kernels/index.ts'
import type { Activity } from './activity.ts'
import { transposeBits } from './transposeBits.ts'

/** Sites of a block: 1,024 planes of them take 4 MiB. */
const BLOCK_SITES = 32_768

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
  for (let from = 0; from < sites; from += BLOCK_SITES) {
    const to = Math.min(sites, from + BLOCK_SITES)
    const common = kernels().countCommon(transposeBlock(a, from, to), transposeBlock(b, from, to))
    addProducts(a, b, common, products)
  }
  return normalise(products, a, b, sites)
}

/** Turns the planes of a block of sites: one row of site bits a plane. */
function transposeBlock(
  { planes, planeWords, planeUnit, regionOfSite }: Activity,
  from: number,
  to: number,
): CodeRows {
  const turned = zeroRows(planeUnit.length, to - from)
  const regions = regionOfSite.subarray(from, to)
  transposeBits(planes, planeWords, regions, turned.words, turned.width, turned.rows)
  return turned
}

/** Adds the block's sums of count products: planes of digits p and q stand for 2^(p + q) at each common site. */
function addProducts(a: Activity, b: Activity, common: Int32Array, products: Float64Array): void {
  const planesB = b.planeUnit.length
  for (let p = 0; p < a.planeUnit.length; p++) {
    const row = a.planeUnit[p] * b.units
    const digit = a.planeDigit[p]
    for (let q = 0; q < planesB; q++) {
      products[row + b.planeUnit[q]] += common[p * planesB + q] * 2 ** (digit + b.planeDigit[q])
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
