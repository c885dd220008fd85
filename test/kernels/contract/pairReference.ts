// The pass over pairs of sites straight from its definition: one pair of sites at a time.
import fc from 'fast-check'
import type { PairCells, PairSums } from '#atlas/compute/kernels/index.js'
import { siteOverlap } from '../../compare/naive.ts'
import { hamming, rowsOf, type Bits } from '../../support/reference.ts'

/** Sites by their rows on two sides. */
export interface Sites {
  bitsA: number
  bitsB: number
  rowsA: Bits[]
  rowsB: Bits[]
  /** Row of a and row of b of each site. */
  sites: readonly (readonly [number, number])[]
}

/** The cells of sites: their distinct pairs of rows. */
export function cellsOf({ rowsA, rowsB, sites }: Sites): PairCells {
  const cells = new Map<number, number>()
  for (const [a, b] of sites) {
    const key = a * rowsB.length + b
    cells.set(key, (cells.get(key) ?? 0) + 1)
  }
  const keys = [...cells.keys()].sort((x, y) => x - y)
  const sizes = (side: 0 | 1, rows: readonly Bits[]): Int32Array =>
    Int32Array.from(rows.keys(), (row) => sites.filter((site) => site[side] === row).length)
  return {
    a: Int32Array.from(keys, (key) => Math.floor(key / rowsB.length)),
    b: Int32Array.from(keys, (key) => key % rowsB.length),
    count: Int32Array.from(keys, (key) => cells.get(key) ?? 0),
    sizesA: sizes(0, rowsA),
    sizesB: sizes(1, rowsB),
    siteCount: sites.length,
  }
}

/** The sums over the sites x that are of a cell `from` … `to - 1`. */
export function plainSums(
  { rowsA, rowsB, sites }: Sites,
  cells: PairCells,
  ranksA: Float64Array,
  ranksB: Float64Array,
  from: number,
  to: number,
): PairSums {
  const sums = { rankProducts: 0, distanceProducts: 0, rowsA: 0, rowsB: 0, rowsAA: 0, rowsBB: 0, rowsAB: 0 }
  const overlaps = new Float64Array(50)
  const numbers = (rows: readonly Bits[], side: 0 | 1): number[][] =>
    sites.map((site) => rows[site[side]].map(Number))
  const [codesA, codesB] = [numbers(rowsA, 0), numbers(rowsB, 1)]
  const inCells = (a: number, b: number): boolean =>
    cells.a.some((row, cell) => cell >= from && cell < to && row === a && cells.b[cell] === b)
  sites.forEach(([a, b], x) => {
    if (!inCells(a, b)) return
    let [ofA, ofB] = [0, 0]
    sites.forEach(([otherA, otherB], y) => {
      if (x === y) return
      const [dA, dB] = [hamming(rowsA[a], rowsA[otherA]), hamming(rowsB[b], rowsB[otherB])]
      sums.rankProducts += ranksA[dA] * ranksB[dB]
      sums.distanceProducts += dA * dB
      ofA += dA
      ofB += dB
    })
    sums.rowsA += ofA
    sums.rowsB += ofB
    sums.rowsAA += ofA * ofA
    sums.rowsBB += ofB * ofB
    sums.rowsAB += ofA * ofB
    for (let k = 1; k <= 50; k++) overlaps[k - 1] += k < sites.length ? siteOverlap(codesA, codesB, x, k) : 1
  })
  return { ...sums, overlaps }
}

const bits = fc.constantFrom(0, 1, 7, 8, 63, 65, 257)

/** Any few sites: of one cell or each of its own, with many ties or few. */
export const someSites: fc.Arbitrary<Sites> = fc.tuple(bits, bits).chain(([bitsA, bitsB]) =>
  fc.tuple(rowsOf(bitsA, 1, 8), rowsOf(bitsB, 1, 8)).chain(([rowsA, rowsB]) =>
    fc.record({
      bitsA: fc.constant(bitsA),
      bitsB: fc.constant(bitsB),
      rowsA: fc.constant(rowsA),
      rowsB: fc.constant(rowsB),
      sites: fc.array(fc.tuple(fc.nat(rowsA.length - 1), fc.nat(rowsB.length - 1)), {
        minLength: 1,
        maxLength: 25,
      }),
    }),
  ),
)
