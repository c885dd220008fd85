import { describe, expect, it } from 'vitest'
import { comparePartitions, type Side, type SpanLayer } from '#atlas/compute/compare/index.js'
import { pearson } from './naive.ts'
import { lcg, randomCodes, sideOf } from './sides.ts'

const unitsOf = async (a: Side, b: Side) => {
  return (await comparePartitions({ a, b, sameLayers: false, seed: 1 })).matchedUnits
}

/** Positions at which each unit of the span is on, by site: units x sites. */
function activity(codes: readonly (readonly number[])[], layers: SpanLayer[]): number[][] {
  let first = 0
  return layers.flatMap(({ units, positions }) => {
    const start = first
    first += units * positions
    return Array.from({ length: units }, (_, unit) =>
      codes.map((code) => {
        let sum = 0
        for (let position = 0; position < positions; position++) sum += code[start + position * units + unit]
        return sum
      }),
    )
  })
}

/** The greatest total correlation, by trying every assignment of the units of a. */
function bestTotal(a: number[][], b: number[][]): number {
  const table = a.map((x) => b.map((y) => pearson(x, y)))
  const best = (row: number, free: number[]): number =>
    row === a.length
      ? 0
      : Math.max(
          ...free.map(
            (c) =>
              table[row][c] +
              best(
                row + 1,
                free.filter((d) => d !== c),
              ),
          ),
        )
  return best(0, [...b.keys()])
}

describe('matchUnits', () => {
  it('pairs units by the correlation of their counts over positions', async () => {
    const layersA = [
      { index: 1, units: 3, positions: 5, bitsPerUnit: 1, numbered: false },
      { index: 2, units: 2, positions: 1, bitsPerUnit: 1, numbered: false },
    ]
    const layersB = [
      { index: 0, units: 4, positions: 1, bitsPerUnit: 1, numbered: false },
      { index: 4, units: 3, positions: 4, bitsPerUnit: 1, numbered: false },
    ]
    const random = lcg(8)
    const codesA = randomCodes(90, 17, 0.3, random)
    const codesB = randomCodes(90, 16, 0.3, random)
    const matches = await unitsOf(sideOf(codesA, layersA), sideOf(codesB, layersB))
    const [a, b] = [activity(codesA, layersA), activity(codesB, layersB)]
    expect(matches.correlation).toHaveLength(5)
    matches.correlation.forEach((correlation, i) => {
      const x = a[matches.aLayer[i] === 1 ? matches.aUnit[i] : 3 + matches.aUnit[i]]
      const y = b[matches.bLayer[i] === 0 ? matches.bUnit[i] : 4 + matches.bUnit[i]]
      expect(correlation).toBeCloseTo(pearson(x, y), 12)
      if (i > 0) expect(correlation).toBeLessThanOrEqual(matches.correlation[i - 1])
    })
    const total = matches.correlation.reduce((sum, value) => sum + value, 0)
    expect(total).toBeCloseTo(bestTotal(a, b), 12)
  })

  it('finds units again that were shuffled, over more sites than one block', async () => {
    const random = lcg(4)
    // 40,000 sites of 64 regions.
    const kinds = randomCodes(64, 7, 0, random)
    const codes = Array.from({ length: 40_000 }, () => kinds[Math.floor(random() * 64)])
    const order = [3, 0, 6, 2, 5, 1, 4]
    const shuffled = codes.map((code) => order.map((unit) => code[unit]))
    // The distances of equal codes are equal too: few regions keep this quick.
    const matches = await unitsOf(sideOf(codes), sideOf(shuffled))
    expect([...matches.correlation]).toEqual(Array(7).fill(1))
    matches.aUnit.forEach((unit, i) => expect(order[matches.bUnit[i]]).toBe(unit))
  })

  it('is the phi coefficient for bits, negative where they oppose, 0 for a constant unit', async () => {
    // Unit 0: 11 on both 2, off both 2, 1 and 1 mixed: (2 * 2 - 1 * 1) / 9.
    const a = [[1], [1], [1], [0], [0], [0]]
    const b = [[1], [1], [0], [1], [0], [0]]
    expect((await unitsOf(sideOf(a), sideOf(b))).correlation[0]).toBeCloseTo(1 / 3, 15)
    expect((await unitsOf(sideOf(a), sideOf(a.map(([bit]) => [1 - bit])))).correlation[0]).toBe(-1)
    expect((await unitsOf(sideOf(a), sideOf(a.map(() => [1])))).correlation[0]).toBe(0)
  })
})
