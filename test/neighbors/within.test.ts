import fc from 'fast-check'
import { expect, test } from 'vitest'
import { codesWithin, nearestCodes, type WithinInput } from '#atlas/compute/neighbors/index.js'
import {
  hamming,
  packBits,
  packRows,
  raggedBits,
  randomRows,
  rowsOf,
  type Bits,
} from '../support/reference.ts'

/** All near rows of each query, as lists. */
async function search(input: WithinInput): Promise<{ index: number; distance: number }[][]> {
  const lists: { index: number; distance: number }[][] = []
  for await (const { from, to, starts, indices, distances } of codesWithin(input)) {
    expect(from).toBe(lists.length)
    for (let i = 0; i < to - from; i++) {
      const entries = Array.from({ length: starts[i + 1] - starts[i] }, (_, j) => ({
        index: indices[starts[i] + j],
        distance: distances[starts[i] + j],
      }))
      lists.push(entries)
    }
  }
  return lists
}

const near = (query: Bits, base: readonly Bits[], maxDistance: number) =>
  base
    .map((row, index) => ({ index, distance: hamming(query, row) }))
    .filter(({ distance }) => distance <= maxDistance)

const someBits = raggedBits.filter((bits) => bits > 0)

test('finds every code within the distance, by index', async () => {
  const cases = someBits.chain((bits) => fc.tuple(fc.constant(bits), rowsOf(bits), rowsOf(bits)))
  await fc.assert(
    fc.asyncProperty(cases, fc.nat({ max: 60 }), async ([bitCount, queries, base], maxDistance) => {
      const input = { queries: packRows(queries), base: packRows(base), bitCount, maxDistance }
      expect(await search(input)).toEqual(queries.map((query) => near(query, base, maxDistance)))
    }),
  )
})

test('of a set to itself leaves each row out; many rows come in parts', async () => {
  const rows = randomRows(2500, 33, 11)
  const base = packRows(rows)
  const found = await search({ queries: base, base, bitCount: 33, maxDistance: 9, self: true })
  const expected = rows.map((row, i) => near(row, rows, 9).filter(({ index }) => index !== i))
  expect(found).toEqual(expected)
})

test('a mask leaves its bits alone in the count', async () => {
  const cases = someBits.chain((bits) =>
    fc.tuple(
      fc.constant(bits),
      rowsOf(bits),
      rowsOf(bits),
      fc.array(fc.boolean(), { minLength: bits, maxLength: bits }),
    ),
  )
  await fc.assert(
    fc.asyncProperty(cases, async ([bitCount, queries, base, mask]) => {
      const masked = (row: Bits) => row.filter((_, bit) => mask[bit])
      const input = { queries: packRows(queries), base: packRows(base), bitCount, mask: packBits(mask) }
      const expected = queries.map((query) => near(masked(query), base.map(masked), 2))
      expect(await search({ ...input, maxDistance: 2 })).toEqual(expected)
      const { counts, distances } = await nearestCodes({ ...input, k: 1 })
      const least = queries.map((query) => base.map((row) => hamming(masked(query), masked(row))))
      expect([...counts]).toEqual(queries.map(() => Math.min(1, base.length)))
      expect([...distances]).toEqual(least.map((all) => (all.length === 0 ? -1 : Math.min(...all))))
    }),
  )
})

test('a mask of no bits makes all codes equal', async () => {
  const base = packRows(randomRows(5, 40, 2))
  const { indices, distances } = await nearestCodes({
    queries: base,
    base,
    bitCount: 40,
    mask: new Uint8Array(5),
    k: 2,
  })
  expect([...indices]).toEqual([0, 1, 0, 1, 0, 1, 0, 1, 0, 1])
  expect([...distances]).toEqual(new Array(10).fill(0))
})

test('stops with the reason of an abort', async () => {
  const base = packRows(randomRows(100, 64, 3))
  const aborted = AbortSignal.abort(new Error('enough'))
  await expect(
    codesWithin({ queries: base, base, bitCount: 64, maxDistance: 1 }, aborted).next(),
  ).rejects.toThrow('enough')
})
