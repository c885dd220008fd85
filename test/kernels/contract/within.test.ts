import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { nearest, randomRows, type Bits } from '../../support/reference.ts'
import { searches } from './backends.ts'
import { cut, cutRows, mask, masked, share, toggle, twoSets } from './rows.ts'

/** All near rows by index, from the sorted reference. */
function near(queries: readonly Bits[], base: readonly Bits[], maxDistance: number, self = false) {
  const lists = nearest(queries, base, Infinity, { maxDistance, self })
  return lists.map((list) => list.sort((x, y) => x.index - y.index))
}

const radius = fc.oneof(fc.nat({ max: 6 }), fc.constantFrom(40, 1023))

describe.each(searches)('within of %s', (_, kernels) => {
  /** The whole search, in the tasks that a cut makes of it. */
  async function search(
    [queries, base]: [Bits[], Bits[]],
    bitCount: number,
    maxDistance: number,
    { self = false, at = 0, by = undefined as Bits | undefined } = {},
  ) {
    const shared = await share(base, bitCount, by)
    const task = {
      queries: self ? shared : await share(queries, bitCount, by),
      base: shared,
      maxDistance,
      self,
    }
    return cutRows(queries.length, at).flatMap((range) => {
      const { starts, indices, distances } = kernels.within({ ...task, ...range })
      expect(starts).toHaveLength(range.to - range.from + 1)
      expect([starts[0], starts[starts.length - 1]]).toEqual([0, indices.length])
      return Array.from({ length: range.to - range.from }, (_, i) =>
        Array.from(indices.subarray(starts[i], starts[i + 1]), (index, j) => ({
          index,
          distance: distances[starts[i] + j],
        })),
      )
    })
  }

  test('is every near row by index, however the task is cut', async () => {
    await fc.assert(
      fc.asyncProperty(twoSets, radius, cut, async ({ bitCount, a, b }, maxDistance, at) => {
        expect(await search([a, b], bitCount, maxDistance, { at })).toEqual(near(a, b, maxDistance))
        const self = await search([a, a], bitCount, maxDistance, { at, self: true })
        expect(self).toEqual(near(a, a, maxDistance, true))
      }),
    )
  })

  test('counts the bits of a mask alone, and toggling one in all rows changes nothing', async () => {
    await fc.assert(
      fc.asyncProperty(twoSets, radius, mask, async ({ bitCount, a, b }, maxDistance, maskOf) => {
        const by = maskOf(bitCount)
        const ofMask = await search([a, b], bitCount, maxDistance, { by })
        expect(ofMask).toEqual(near(masked(a, by), masked(b, by), maxDistance))
        const toggled = await search([toggle(a, by), toggle(b, by)], bitCount, maxDistance)
        expect(toggled).toEqual(await search([a, b], bitCount, maxDistance))
      }),
    )
  })

  test('10,000 rows, and 10,000 equal ones', async () => {
    const base = randomRows(10_000, 33, 4)
    const queries = base.slice(5000, 5020)
    const found = await search([queries, base], 33, 9)
    expect(found).toEqual(near(queries, base, 9))
    expect(Math.min(...found.map((list) => list.length))).toBeGreaterThan(50)
    const [equal] = await search([base.slice(0, 1), new Array<Bits>(10_000).fill(base[0])], 33, 0)
    expect(equal).toEqual(Array.from({ length: 10_000 }, (_, index) => ({ index, distance: 0 })))
  })

  test('64,000 bits', async () => {
    const base = randomRows(12, 64_000, 5)
    expect(await search([base, base], 64_000, 32_000)).toEqual(near(base, base, 32_000))
  })
})
