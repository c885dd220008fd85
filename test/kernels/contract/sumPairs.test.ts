import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addPairSums } from '#atlas/compute/compare/addPairSums.js'
import type { PairSums } from '#atlas/compute/kernels/index.js'
import { randomRows } from '../../support/reference.ts'
import { backends, manyRows } from './backends.ts'
import { cellsOf, plainSums, someSites, type Sites } from './pairReference.ts'
import { cut, cutRows, onesPerBit, share } from './rows.ts'

/** Ranks that are multiples of 1/2, as mid-ranks are: their sums are exact in any order. */
const ranksOf = (bits: number): Float64Array =>
  Float64Array.from({ length: bits + 1 }, (_, d) => ((d * d) % 17) - 7.5)

/** Sums of whole and half numbers to the last bit, overlaps to rounding. */
function expectSums(actual: PairSums, wanted: PairSums): void {
  const { overlaps, ...sums } = actual
  const { overlaps: plain, ...plainSums } = wanted
  expect(sums).toEqual(plainSums)
  plain.forEach((overlap, i) => expect(overlaps[i]).toBeCloseTo(overlap, 10))
}

describe.each(backends)('sumPairs of $name', (kernels) => {
  async function passOver(sites: Sites, ranksA = ranksOf(sites.bitsA), ranksB = ranksOf(sites.bitsB)) {
    const table = cellsOf(sites)
    const a = await share(sites.rowsA, sites.bitsA)
    const b = await share(sites.rowsB, sites.bitsB)
    const run = (from: number, to: number) => kernels.sumPairs({ table, a, b, ranksA, ranksB, from, to })
    return { table, ranksA, ranksB, run }
  }

  test('is the sum over all pairs of sites, however the task is cut', async () => {
    await fc.assert(
      fc.asyncProperty(someSites, cut, async (sites, at) => {
        const { table, ranksA, ranksB, run } = await passOver(sites)
        const parts = cutRows(table.count.length, at).map(({ from, to }) => {
          const part = run(from, to)
          expectSums(part, plainSums(sites, table, ranksA, ranksB, from, to))
          return part
        })
        expectSums(run(0, table.count.length), addPairSums(parts))
      }),
    )
  })

  test('many sites: the products of distances follow from pairs of bits', async () => {
    const n = manyRows(kernels)
    const [rowsA, half] = [randomRows(n, 33, 11), randomRows(n / 2, 9, 12)]
    const rowsB = [...half, ...half]
    const linear = (bits: number) => Float64Array.from({ length: bits + 1 }, (_, d) => d)
    const cells = Int32Array.from(rowsA.keys())
    const ones = new Int32Array(n).fill(1)
    const twos = new Int32Array(n / 2).fill(2)
    const regionsB = cells.map((site) => site % (n / 2))
    const table = { a: cells, b: regionsB, count: ones, sizesA: ones, sizesB: twos, siteCount: n }
    const [a, b] = [await share(rowsA, 33), await share(half, 9)]
    const task = { table, a, b, ranksA: linear(33), ranksB: linear(9) }
    const sums = addPairSums(cutRows(n, 0.6).map((range) => kernels.sumPairs({ ...task, ...range })))
    const [onesA, onesB] = [onesPerBit(rowsA, 33), onesPerBit(rowsB, 9)]
    let products = 0
    onesA.forEach((c, i) =>
      onesB.forEach((d, j) => {
        const both = rowsA.filter((row, site) => row[i] && rowsB[site][j]).length
        products += 2 * (both * (n - c - d + both) + (c - both) * (d - both))
      }),
    )
    expect(sums.distanceProducts).toBe(products)
    expect(sums.rankProducts).toBe(products)
    expect(sums.rowsA).toBe(2 * onesA.reduce((sum, c) => sum + c * (n - c), 0))
    expect(sums.rowsB).toBe(2 * onesB.reduce((sum, c) => sum + c * (n - c), 0))
  })

  test('10,000 equal sites: every neighbour is a tie', async () => {
    const n = 10_000
    const sites = { bitsA: 8, bitsB: 1, rowsA: randomRows(1, 8, 13), rowsB: randomRows(1, 1, 14) }
    const { run } = await passOver({ ...sites, sites: new Array<[number, number]>(n).fill([0, 0]) })
    const { rankProducts, distanceProducts, rowsA, overlaps } = run(0, 1)
    expect([rankProducts, distanceProducts, rowsA]).toEqual([n * (n - 1) * 56.25, 0, 0])
    // k of the n - 1 others are drawn on either side: each is on both with probability (k / (n - 1))^2.
    overlaps.forEach((overlap, i) => expect(overlap).toBeCloseTo((n * (i + 1)) / (n - 1), 6))
  })

  test('64,000 bits', async () => {
    const [rowsA, rowsB] = [randomRows(6, 64_000, 15), randomRows(6, 1, 16)]
    const sites = { bitsA: 64_000, bitsB: 1, rowsA, rowsB, sites: rowsA.map((_, i) => [i, i] as const) }
    const { table, ranksA, ranksB, run } = await passOver(sites)
    expectSums(run(0, 6), plainSums(sites, table, ranksA, ranksB, 0, 6))
  })
})
