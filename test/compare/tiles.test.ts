import { describe, expect, it } from 'vitest'
import { addPairSums } from '#atlas/compute/compare/addPairSums.js'
import { crossTabulate } from '#atlas/compute/compare/contingency.js'
import { rankDistances } from '#atlas/compute/compare/ranks.js'
import { shareSide } from '#atlas/compute/compare/sharedSide.js'
import { cutTiles, runTiles } from '#atlas/compute/compare/tiles.js'
import { kernels } from '#atlas/compute/kernels/index.js'
import { hamming, midRanks } from './naive.ts'
import { lcg, randomCodes, sideOf } from './sides.ts'

const random = lcg(6)
const codes = randomCodes(90, 11, 0.4, random)
const a = await shareSide(sideOf(codes))
const b = await shareSide(sideOf(randomCodes(90, 9, 0.4, random)))
const table = crossTabulate(a.regionOfSite, a.rows.rows, b.regionOfSite, b.rows.rows)
const distancesOfA = codes.flatMap((x, i) => codes.slice(i + 1).map((y) => hamming(x, y)))

describe('countDistances', () => {
  it('counts all pairs of sites by distance, tile by tile', () => {
    const counts = Array<number>(12).fill(0)
    for (const { from, to } of [
      { from: 0, to: 7 },
      { from: 7, to: a.rows.rows },
    ]) {
      kernels()
        .countDistances({ rows: a.rows, sizes: table.sizesA, from, to })
        .forEach((count, d) => (counts[d] += count))
    }
    expect(counts).toEqual(counts.map((_, d) => distancesOfA.filter((distance) => distance === d).length))
  })
})

describe('rankDistances', () => {
  it('gives the mid-ranks of a sort, centred', () => {
    const counts = kernels().countDistances({ rows: a.rows, sizes: table.sizesA, from: 0, to: a.rows.rows })
    const { ranks, squares, squaredDistances } = rankDistances(counts)
    const centred = midRanks(distancesOfA).map((rank) => rank - (distancesOfA.length + 1) / 2)
    distancesOfA.forEach((distance, pair) => expect(ranks[distance]).toBe(centred[pair]))
    expect(squares).toBeCloseTo(
      centred.reduce((sum, rank) => sum + rank * rank, 0),
      4,
    )
    expect(squaredDistances).toBe(distancesOfA.reduce((sum, distance) => sum + distance * distance, 0))
  })
})

describe('sumPairs', () => {
  it('adds up to the same over any tiles', () => {
    const ranksA = Float64Array.from({ length: 12 }, (_, d) => d * d - 30)
    const ranksB = Float64Array.from({ length: 10 }, (_, d) => d - 4.5)
    const cells = table.count.length
    const pass = (from: number, to: number) =>
      kernels().sumPairs({ table, a: a.rows, b: b.rows, ranksA, ranksB, from, to })
    const whole = pass(0, cells)
    const { overlaps, ...sums } = addPairSums([pass(0, 1), pass(1, 30), pass(30, 31), pass(31, cells)])
    // Whole numbers and halves: exact in any order.
    expect(whole).toMatchObject(sums)
    overlaps.forEach((overlap, i) => expect(overlap).toBeCloseTo(whole.overlaps[i], 10))
  })
})

describe('tiles', () => {
  it('cover all rows once, whatever the work of one', () => {
    for (const rowWork of [1, 1e7, 3e8]) {
      const tiles = cutTiles(95, rowWork)
      expect(tiles.flatMap(({ from, to }) => Array.from({ length: to - from }, (_, i) => from + i))).toEqual([
        ...Array(95).keys(),
      ])
    }
    expect(cutTiles(95, 1e7)).toHaveLength(5)
  })

  it('give their answers in order', async () => {
    const tiles = cutTiles(9, 2e8)
    const answers = await runTiles(tiles, async ({ from }) => {
      for (let turn = 0; turn < 9 - from; turn++) await Promise.resolve()
      return from
    })
    expect(answers).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8])
  })
})
