import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { collidingCodes } from '../../support/collidingCodes.ts'
import { group, raggedRows, randomRows, text, type Bits } from '../../support/reference.ts'
import { backends } from './backends.ts'
import { wordsOf } from './rows.ts'

describe.each(backends)('groupTable of $name', (kernels) => {
  /** Inserts rows a piece at a time. */
  function fill(rows: readonly Bits[], bitCount: number, piece: number) {
    const table = kernels.groupTable(Math.ceil(bitCount / 8), bitCount)
    const all: number[] = []
    for (let from = 0; from < rows.length; from += piece) {
      const part = rows.slice(from, from + piece)
      const groups = new Int32Array(part.length)
      expect(table.insert(wordsOf(part, bitCount), part.length, groups)).toBe(-1)
      all.push(...groups)
    }
    return { table, groups: all }
  }

  /** Checks a table against a plain grouping. */
  function expectGroups(rows: readonly Bits[], bitCount: number, piece: number): void {
    const { table, groups } = fill(rows, bitCount, piece)
    const expected = group(rows)
    const distinct = [...new Map(rows.map((row) => [text(row), row])).values()]
    const sizes = new Array<number>(distinct.length).fill(0)
    for (const i of expected) sizes[i]++
    expect(groups).toEqual(expected)
    expect(table.size).toBe(distinct.length)
    expect([...table.counts()]).toEqual(sizes)
    const words = wordsOf(distinct, bitCount)
    expect(table.words()).toEqual(words)
    const stride = Math.ceil(bitCount / 8)
    expect(table.hashes()).toEqual(kernels.hash128(words, stride, distinct.length, bitCount))
  }

  test('is grouping by text in order of first appearance, in any number of pieces', () => {
    fc.assert(
      fc.property(raggedRows(), fc.integer({ min: 1, max: 50 }), ({ bitCount, rows }, piece) => {
        expectGroups(rows, bitCount, piece)
      }),
    )
  })

  test('10,000 rows of few kinds, equal rows, and rows of 64,000 bits', () => {
    const kinds = randomRows(300, 65, 6)
    const rows = Array.from({ length: 10_000 }, (_, i) => kinds[(i * i) % 299])
    expectGroups(rows, 65, 4096)
    expectGroups(new Array<Bits>(10_000).fill(kinds[0]), 65, 10_000)
    const [wide, other] = randomRows(2, 64_000, 7)
    expectGroups([wide, wide.with(63_999, !wide[63_999]), other, wide], 64_000, 3)
  })

  test('keeps its numbers while it grows by 10,000 distinct rows', () => {
    const rows = randomRows(10_000, 128, 7)
    const order = Array.from(rows.keys())
    const { table, groups } = fill([...rows, ...rows], 128, 3000)
    expect(groups).toEqual([...order, ...order])
    expect(table.counts()).toEqual(new Uint32Array(10_000).fill(2))
    expect(table.words()).toEqual(wordsOf(rows, 128))
  })

  test('says which row has the hash of a different one', () => {
    const [a, b] = collidingCodes()
    const words = new Uint32Array(Uint8Array.of(...a, ...a, ...b).buffer)
    expect(kernels.groupTable(32, 256).insert(words, 3, new Int32Array(3))).toBe(2)
  })
})
