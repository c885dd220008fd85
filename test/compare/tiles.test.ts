import { describe, expect, it } from 'vitest'
import { countSizes } from '#atlas/compute/compare/contingency.js'
import { rankDistances } from '#atlas/compute/compare/ranks.js'
import { shareSide } from '#atlas/compute/compare/sharedSide.js'
import { cutTiles, runTiles } from '#atlas/compute/compare/tiles.js'
import { kernels } from '#atlas/compute/kernels/index.js'
import { hamming, midRanks } from './naive.ts'
import { lcg, randomCodes, sideOf } from './sides.ts'

describe('rankDistances', () => {
  it('gives the mid-ranks of a sort, centred', async () => {
    const codes = randomCodes(90, 11, 0.4, lcg(6))
    const distances = codes.flatMap((x, i) => codes.slice(i + 1).map((y) => hamming(x, y)))
    const { rows, regionOfSite } = await shareSide(sideOf(codes))
    const sizes = countSizes(regionOfSite, rows.rows)
    const counts = kernels().countDistances({ rows, sizes, from: 0, to: rows.rows })
    const { ranks, squares, squaredDistances } = rankDistances(counts)
    const centred = midRanks(distances).map((rank) => rank - (distances.length + 1) / 2)
    distances.forEach((distance, pair) => expect(ranks[distance]).toBe(centred[pair]))
    expect(squares).toBeCloseTo(
      centred.reduce((sum, rank) => sum + rank * rank, 0),
      4,
    )
    expect(squaredDistances).toBe(distances.reduce((sum, distance) => sum + distance * distance, 0))
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
