import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { regionSurvival } from '#atlas/compute/compare/regionSurvival.js'

const REGIONS = 6

/** Regions as they number themselves: in order of first appearance. */
function numbered(labels: readonly number[]): { regions: Int32Array; count: number } {
  const known = [...new Set(labels)]
  return { regions: Int32Array.from(labels, (label) => known.indexOf(label)), count: known.length }
}

function survival(a: readonly number[], b: readonly number[]) {
  const [left, right] = [numbered(a), numbered(b)]
  return regionSurvival(left.regions, left.count, right.regions, right.count)
}

/** By sets of sites, written out. */
function naive(a: readonly number[], b: readonly number[]) {
  const regionsOf = (labels: readonly number[]) =>
    [...new Set(labels)].map((label) => labels.flatMap((other, site) => (other === label ? [site] : [])))
  const after = regionsOf(b).map(String)
  const before = regionsOf(a)
  const sizes = [...new Set(before.map(({ length }) => length))].sort((x, y) => x - y)
  return sizes.map((size) => {
    const ofSize = before.filter(({ length }) => length === size)
    return {
      size,
      regions: ofSize.length,
      surviving: ofSize.filter((sites) => after.includes(String(sites))).length,
    }
  })
}

describe('regionSurvival', () => {
  it('counts regions that are the same sets, by hand', () => {
    // {0, 1} stays, {2, 3} takes in 4, {4} joins it, {5} stays, {6, 7, 8} falls apart.
    expect(survival([0, 0, 1, 1, 2, 3, 4, 4, 4], [9, 9, 8, 8, 8, 7, 6, 5, 6])).toEqual([
      { size: 1, regions: 2, surviving: 1 },
      { size: 2, regions: 2, surviving: 1 },
      { size: 3, regions: 1, surviving: 0 },
    ])
  })

  it('is what the sets of sites say', () => {
    const sides = fc.integer({ min: 1, max: 12 }).chain((length) => {
      const side = fc.array(fc.nat(REGIONS), { minLength: length, maxLength: length })
      return fc.tuple(side, side)
    })
    fc.assert(
      fc.property(sides, ([a, b]) => {
        expect(survival(a, b)).toEqual(naive(a, b))
      }),
    )
  })
})
