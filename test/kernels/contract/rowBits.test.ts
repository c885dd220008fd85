import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { raggedRows, randomRows, type Bits } from '../../support/reference.ts'
import { backends } from './backends.ts'
import { wordsOf } from './rows.ts'

const ones = (row: Bits): number => row.filter(Boolean).length

/** Some at a time, of any size, and those that are too large for many runs. */
const large: [string, Bits[]][] = [
  ['10,000 rows', randomRows(10_000, 65, 28)],
  ['10,000 equal rows', new Array<Bits>(10_000).fill(randomRows(1, 1023, 29)[0])],
  ['64,000 bits', randomRows(7, 64_000, 30)],
]

describe.each(backends)('popcounts of $name', (kernels) => {
  const count = (rows: readonly Bits[], bitCount: number): number[] => [
    ...kernels.popcounts(wordsOf(rows, bitCount), Math.ceil(bitCount / 32), rows.length),
  ]

  test('counts the active bits of each row', () => {
    fc.assert(
      fc.property(raggedRows(), ({ bitCount, rows }) => {
        expect(count(rows, bitCount)).toEqual(rows.map(ones))
      }),
    )
  })

  test.each(large)('%s', (_, rows) => {
    expect(count(rows, rows[0].length)).toEqual(rows.map(ones))
  })
})

describe.each(backends)('markDifferences of $name', (kernels) => {
  /** Marks the differences from the first row, beside those marked already. */
  function mark(rows: readonly Bits[], bitCount: number, marked: Bits): Uint32Array {
    const words = wordsOf(rows, bitCount)
    const differing = wordsOf([marked], bitCount).slice()
    kernels.markDifferences(words, rows.length, wordsOf(rows.slice(0, 1), bitCount), differing)
    return differing
  }

  const expected = (rows: readonly Bits[], bitCount: number, marked: Bits): Uint32Array =>
    wordsOf([marked.map((was, bit) => was || rows.some((row) => row[bit] !== rows[0][bit]))], bitCount)

  test('sets every bit in which some row differs, and clears none', () => {
    fc.assert(
      fc.property(raggedRows(1), fc.boolean(), ({ bitCount, rows }, start) => {
        const marked = Array.from({ length: bitCount }, (_, i) => start && i % 3 === 0)
        expect(mark(rows, bitCount, marked)).toEqual(expected(rows, bitCount, marked))
      }),
    )
  })

  test.each(large)('%s', (_, rows) => {
    const none = rows[0].map(() => false)
    expect(mark(rows, none.length, none)).toEqual(expected(rows, none.length, none))
  })

  test('a single row that differs, the last of 10,000', () => {
    const row = randomRows(1, 257, 31)[0]
    const rows = [...new Array<Bits>(9999).fill(row), row.with(256, !row[256])]
    expect(
      mark(
        rows,
        257,
        row.map(() => false),
      ),
    ).toEqual(wordsOf([row.map((_, i) => i === 256)], 257))
  })
})
