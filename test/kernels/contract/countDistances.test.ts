import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hamming, randomRows, type Bits } from '../../support/reference.ts'
import { backends } from './backends.ts'
import { cut, cutRows, mask, onesPerBit, share, toggle, twoSets } from './rows.ts'

/** Straight from the contract, one pair of rows at a time. */
function plainCounts(rows: readonly Bits[], bitCount: number, sizes: readonly number[]): number[] {
  const counts = new Array<number>(bitCount + 1).fill(0)
  for (let i = 0; i < rows.length; i++) {
    counts[0] += (sizes[i] * (sizes[i] - 1)) / 2
    for (let j = i + 1; j < rows.length; j++) counts[hamming(rows[i], rows[j])] += sizes[i] * sizes[j]
  }
  return counts
}

const sizesOf = (rows: readonly Bits[], most: number): number[] => rows.map((_, i) => 1 + ((i * 7) % most))

describe.each(backends)('countDistances of $name', (kernels) => {
  /** The counts over the tasks that a cut makes. */
  async function count(rows: readonly Bits[], bitCount: number, sizes: readonly number[], at = 0) {
    const task = { rows: await share(rows, bitCount), sizes: Int32Array.from(sizes) }
    const parts = cutRows(rows.length, at).map((range) => kernels.countDistances({ ...task, ...range }))
    return Array.from(parts[0], (value, i) => value + parts[1][i])
  }

  test('counts every pair of sites once, however the task is cut', async () => {
    await fc.assert(
      fc.asyncProperty(twoSets, fc.constantFrom(1, 3, 50_000), cut, async ({ bitCount, a }, most, at) => {
        const sizes = sizesOf(a, most)
        expect(await count(a, bitCount, sizes, at)).toEqual(plainCounts(a, bitCount, sizes))
      }),
    )
  })

  test('toggling one mask in all rows changes nothing', async () => {
    await fc.assert(
      fc.asyncProperty(twoSets, mask, async ({ bitCount, a }, maskOf) => {
        const sizes = sizesOf(a, 3)
        const toggled = await count(toggle(a, maskOf(bitCount)), bitCount, sizes)
        expect(toggled).toEqual(await count(a, bitCount, sizes))
      }),
    )
  })

  test('10,000 rows: the moments of the distances follow from the bits', async () => {
    const [n, bits] = [10_000, 65]
    const rows = randomRows(n, bits, 8)
    const counts = await count(rows, bits, new Array<number>(n).fill(1), 0.3)
    const moment = (power: number): number =>
      counts.reduce((sum, pairs, distance) => sum + pairs * distance ** power, 0)
    const ones = onesPerBit(rows, bits)
    // A bit tells c (n - c) pairs apart; two bits both tell those apart that are 11 and 00, or 10 and 01.
    const first = ones.reduce((sum, c) => sum + c * (n - c), 0)
    let second = first
    for (let i = 0; i < bits; i++) {
      for (let j = 0; j < i; j++) {
        const both = rows.filter((row) => row[i] && row[j]).length
        const neither = n - ones[i] - ones[j] + both
        second += 2 * (both * neither + (ones[i] - both) * (ones[j] - both))
      }
    }
    expect([moment(0), moment(1), moment(2)]).toEqual([(n * (n - 1)) / 2, first, second])
  })

  test('10,000 equal rows, and rows of 64,000 bits', async () => {
    const equal = new Array<Bits>(10_000).fill(randomRows(1, 7, 9)[0])
    const counts = await count(equal, 7, new Array<number>(10_000).fill(2))
    expect(counts).toEqual([(20_000 * 19_999) / 2, ...new Array<number>(7).fill(0)])
    const wide = randomRows(9, 64_000, 10)
    expect(await count(wide, 64_000, sizesOf(wide, 3))).toEqual(plainCounts(wide, 64_000, sizesOf(wide, 3)))
  })
})
