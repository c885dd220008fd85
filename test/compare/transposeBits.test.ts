import fc from 'fast-check'
import { expect, test } from 'vitest'
import { transposeBits } from '#atlas/compute/compare/transposeBits.js'
import { lcg } from './sides.ts'

const bitOf = (words: Uint32Array, width: number, row: number, bit: number): number =>
  (words[row * width + (bit >>> 5)] >>> (bit & 31)) & 1

test('transposeBits moves bit p of the i-th picked row to bit i of row p', () => {
  const sizes = fc.record({
    rows: fc.integer({ min: 1, max: 40 }),
    bits: fc.constantFrom(1, 31, 32, 33, 70),
    picks: fc.array(fc.nat(), { maxLength: 70 }),
    seed: fc.nat(),
  })
  fc.assert(
    fc.property(sizes, ({ rows, bits, picks: drawn, seed }) => {
      const random = lcg(seed)
      const [width, turnedWidth] = [4, 8]
      const words = Uint32Array.from({ length: rows * width }, () => random() * 2 ** 32)
      const picks = Int32Array.from(drawn, (place) => place % rows)
      const turned = new Uint32Array(bits * turnedWidth)
      transposeBits(words, width, picks, turned, turnedWidth, bits)
      for (let bit = 0; bit < bits; bit++) {
        for (let site = 0; site < turnedWidth * 32; site++) {
          const expected = site < picks.length ? bitOf(words, width, picks[site], bit) : 0
          expect(bitOf(turned, turnedWidth, bit, site)).toBe(expected)
        }
      }
    }),
    { numRuns: 30 },
  )
})
