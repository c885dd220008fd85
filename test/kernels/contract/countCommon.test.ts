import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { randomRows, type Bits } from '../../support/reference.ts'
import { backends } from './backends.ts'
import { onesPerBit, share, twoSets } from './rows.ts'

const common = (x: Bits, y: Bits): number => x.filter((bit, i) => bit && y[i]).length

describe.each(backends)('countCommon of $name', (kernels) => {
  const count = async (a: readonly Bits[], b: readonly Bits[], bitCount: number) => [
    ...kernels.countCommon(await share(a, bitCount), await share(b, bitCount)),
  ]

  test('counts the bits that are set in both rows of every pair', async () => {
    await fc.assert(
      fc.asyncProperty(twoSets, async ({ bitCount, a, b }) => {
        expect(await count(a, b, bitCount)).toEqual(a.flatMap((x) => b.map((y) => common(x, y))))
      }),
    )
  })

  test('10,000 rows against two', async () => {
    const [rows, pair] = [randomRows(10_000, 65, 23), randomRows(2, 65, 24)]
    const expected = rows.map((x) => pair.map((y) => common(x, y)))
    expect(await count(rows, pair, 65)).toEqual(expected.flat())
    expect(await count(pair, rows, 65)).toEqual([0, 1].flatMap((i) => expected.map((counts) => counts[i])))
  })

  test('all rows against all: the sums of rows follow from the ones of each bit', async () => {
    const rows = randomRows(700, 129, 25)
    const counts = await count(rows, rows, 129)
    const ones = onesPerBit(rows, 129)
    rows.forEach((row, i) => {
      const sum = counts.slice(i * 700, (i + 1) * 700).reduce((total, value) => total + value, 0)
      expect(sum).toBe(ones.reduce((total, c, bit) => total + (row[bit] ? c : 0), 0))
    })
  })

  test('64,000 bits', async () => {
    const [a, b] = [randomRows(5, 64_000, 26), randomRows(4, 64_000, 27)]
    expect(await count(a, b, 64_000)).toEqual(a.flatMap((x) => b.map((y) => common(x, y))))
  })
})
