import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { greatest } from '#atlas/compute/compare/index.js'

const all = () => true

describe('greatest', () => {
  it('takes the greatest, ties by index, by hand', () => {
    expect(greatest([3, 9, 3, 7, 9], 3, all)).toEqual([
      { index: 1, value: 9 },
      { index: 4, value: 9 },
      { index: 3, value: 7 },
    ])
    expect(greatest([3, 9, 3], 5, (value) => value < 9)).toEqual([
      { index: 0, value: 3 },
      { index: 2, value: 3 },
    ])
    expect(greatest([1, 2], 0, all)).toEqual([])
  })

  it('is a sort of everything, cut', () => {
    const values = fc.array(fc.integer({ min: -3, max: 12 }), { maxLength: 60 })
    fc.assert(
      fc.property(values, fc.nat(9), fc.nat(4), (given, most, odd) => {
        const wanted = (value: number, index: number) => (value + index) % 5 !== odd
        const sorted = given
          .map((value, index) => ({ index, value }))
          .filter(({ index, value }) => wanted(value, index))
          .sort((x, y) => y.value - x.value || x.index - y.index)
        expect(greatest(given, most, wanted)).toEqual(sorted.slice(0, most))
      }),
    )
  })
})
