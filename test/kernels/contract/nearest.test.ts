import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { asLists, nearest, RAGGED_BITS, randomRows, type Bits } from '../../support/reference.ts'
import { searches } from './backends.ts'
import { cut, cutRows, mask, masked, share, toggle, twoSets } from './rows.ts'

const k = fc.constantFrom(0, 1, 2, 5, 60)
const radius = fc.oneof(fc.nat({ max: 6 }), fc.constantFrom(40, 1023))

describe.each(searches)('nearest of %s', (_, kernels) => {
  /** The whole search, in the tasks that a cut makes of it. */
  async function search(
    [queries, base]: [Bits[], Bits[]],
    bitCount: number,
    { k = 3, maxDistance = bitCount, self = false, at = 0, by = undefined as Bits | undefined } = {},
  ) {
    const shared = await share(base, bitCount, by)
    const task = {
      queries: self ? shared : await share(queries, bitCount, by),
      base: shared,
      k,
      maxDistance,
      self,
    }
    const tasks = cutRows(queries.length, at)
    return tasks.flatMap((range) => asLists(kernels.nearest({ ...task, ...range }), k))
  }

  test('is a full sort by distance and index, however the task is cut', async () => {
    await fc.assert(
      fc.asyncProperty(twoSets, k, radius, cut, async ({ bitCount, a, b }, k, maxDistance, at) => {
        const found = await search([a, b], bitCount, { k, maxDistance, at })
        expect(found).toEqual(nearest(a, b, k, { maxDistance }))
      }),
    )
  })

  test('of rows among themselves leaves each row out, though equal rows stay', async () => {
    await fc.assert(
      fc.asyncProperty(twoSets, k, radius, cut, async ({ bitCount, a }, k, maxDistance, at) => {
        const found = await search([a, a], bitCount, { k, maxDistance, at, self: true })
        expect(found).toEqual(nearest(a, a, k, { maxDistance, self: true }))
      }),
    )
  })

  test('under a mask, only its bits count', async () => {
    await fc.assert(
      fc.asyncProperty(twoSets, mask, async ({ bitCount, a, b }, maskOf) => {
        const by = maskOf(bitCount)
        expect(await search([a, b], bitCount, { by })).toEqual(nearest(masked(a, by), masked(b, by), 3))
      }),
    )
  })

  test('toggling one mask in all rows changes nothing', async () => {
    await fc.assert(
      fc.asyncProperty(twoSets, mask, async ({ bitCount, a, b }, maskOf) => {
        const by = maskOf(bitCount)
        const toggled = await search([toggle(a, by), toggle(b, by)], bitCount)
        expect(toggled).toEqual(await search([a, b], bitCount))
      }),
    )
  })

  test.each(RAGGED_BITS)('rows that differ in all of %i bits, and in none', async (bits) => {
    const zeros = new Array<boolean>(bits).fill(false)
    const ones = zeros.map(() => true)
    expect(await search([[zeros], [zeros, ones]], bits)).toEqual([
      [
        { index: 0, distance: 0 },
        { index: 1, distance: bits },
      ],
    ])
  })

  test('10,000 rows', async () => {
    const base = randomRows(10_000, 65, 1)
    const queries = [...base.slice(4990, 5005), ...randomRows(15, 65, 2)]
    const found = await search([queries, base], 65, { k: 16 })
    expect(found).toEqual(nearest(queries, base, 16))
  })

  test('10,000 equal rows: the lowest indices, at distance 0', async () => {
    const rows = new Array<Bits>(10_000).fill(randomRows(1, 63, 3)[0])
    const found = await search([rows, rows], 63, { self: true })
    found.forEach((list, row) => {
      const lowest = [0, 1, 2, 3].filter((index) => index !== row).slice(0, 3)
      expect(list).toEqual(lowest.map((index) => ({ index, distance: 0 })))
    })
  })

  test('64,000 bits', async () => {
    const base = randomRows(20, 64_000, 9)
    const queries = [base[18], base[3].map((bit) => !bit)]
    expect(await search([queries, base], 64_000, { k: 20 })).toEqual(nearest(queries, base, 20))
  })
})
