import { describe, expect, it } from 'vitest'
import { comparePartitions, type SpanLayer } from '#atlas/compute/compare/index.js'
import { lcg, randomCodes, sideOf } from './sides.ts'

const layer = (index: number, units: number, positions = 1, bitsPerUnit = 1): SpanLayer => ({
  ...{ index, units, positions, bitsPerUnit },
  numbered: false,
})

/** Every order of 0 … count - 1. */
function orders(count: number): number[][] {
  if (count === 0) return [[]]
  return orders(count - 1).flatMap((order) =>
    Array.from({ length: count }, (_, at) => [...order.slice(0, at), count - 1, ...order.slice(at)]),
  )
}

/** Bits of a unit in a code: at all positions, all of its own. */
function bitsOf(
  code: readonly number[],
  first: number,
  { units, positions, bitsPerUnit }: SpanLayer,
  unit: number,
) {
  return Array.from(
    { length: positions * bitsPerUnit },
    (_, i) => code[first + (Math.floor(i / bitsPerUnit) * units + unit) * bitsPerUnit + (i % bitsPerUnit)],
  )
}

const flipsOf = (
  codesA: number[][],
  codesB: number[][],
  first: number,
  of: SpanLayer,
  unit: number,
  partner: number,
) =>
  codesA.reduce((sum, code, site) => {
    const other = bitsOf(codesB[site], first, of, partner)
    return sum + bitsOf(code, first, of, unit).filter((bit, i) => bit !== other[i]).length
  }, 0)

async function aligned(codesA: number[][], codesB: number[][], layers: SpanLayer[]) {
  const labels = codesA.map(() => 0)
  const [a, b] = [sideOf(codesA, layers, labels), sideOf(codesB, layers, labels)]
  const { flips } = await comparePartitions({ a, b, sameLayers: true, seed: 1 })
  if (!flips) throw new Error('no flips')
  return flips
}

describe('the units of b', () => {
  it.each([[[layer(0, 5), layer(2, 4)]], [[layer(1, 4, 3)]], [[layer(0, 3, 2, 2), layer(1, 5)]]])(
    'stand in the best of all orders: %j',
    async (layers) => {
      const random = lcg(3)
      const width = layers.reduce((sum, of) => sum + of.units * of.positions * of.bitsPerUnit, 0)
      const codesA = randomCodes(60, width, 0.4, random)
      const codesB = randomCodes(60, width, 0.4, random)
      const { alignedBitFlips } = await aligned(codesA, codesB, layers)
      let first = 0
      for (const [i, of] of layers.entries()) {
        const start = first
        const best = Math.min(
          ...orders(of.units).map((order) =>
            order.reduce((sum, partner, unit) => sum + flipsOf(codesA, codesB, start, of, unit, partner), 0),
          ),
        )
        expect(alignedBitFlips.perLayer[i]).toEqual({ layer: of.index, flips: best })
        const units = alignedBitFlips.perUnit.filter((row) => row.layer === of.index)
        expect(units.map(({ unit }) => unit)).toEqual([...Array.from({ length: of.units }).keys()])
        expect(new Set(units.map(({ partner }) => partner)).size).toBe(of.units)
        for (const { unit, partner, flips } of units)
          expect(flips).toBe(flipsOf(codesA, codesB, start, of, unit, partner))
        first += of.units * of.positions * of.bitsPerUnit
      }
      expect(alignedBitFlips.total).toBe(alignedBitFlips.perLayer.reduce((sum, { flips }) => sum + flips, 0))
    },
  )

  it('are found again where they were put in another order', async () => {
    const random = lcg(5)
    // More sites than a block of them, in few regions.
    const distinct = randomCodes(200, 40, 0.5, random)
    const codes = Array.from({ length: 33_000 }, (_, site) => distinct[site % 200])
    const order = [...Array.from({ length: 40 }).keys()].sort((x, y) => ((x * 17) % 40) - ((y * 17) % 40))
    const mixed = codes.map((code) => order.map((unit) => code[unit]))
    const { bitFlips, alignedBitFlips, baseline } = await aligned(codes, mixed, [layer(0, 40)])
    expect(alignedBitFlips.total).toBe(0)
    expect(alignedBitFlips.perUnit.map(({ partner }) => order[partner])).toEqual([...order.keys()])
    const bits = 33_000 * 40
    expect(bitFlips.total).toBeGreaterThan(0.3 * bits)
    // Nothing fits once the sites are permuted: near half of all bits differ whatever the order.
    expect(baseline.alignedBitFlips.total).toBeGreaterThan(0.45 * bits)
    expect(baseline.alignedBitFlips.total).toBeLessThan(baseline.bitFlips.total)
  })
})
