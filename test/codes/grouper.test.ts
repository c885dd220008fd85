import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CodeGrouper, hash128 } from '#atlas/compute/codes/index.js'
import { collidingCodes } from '../support/collidingCodes.ts'
import { group, packBits, packRows, raggedRows, randomRows, text } from '../support/reference.ts'

describe('CodeGrouper', () => {
  test('equals grouping by text, in any number of pieces', () => {
    fc.assert(
      fc.property(raggedRows(), fc.integer({ min: 1, max: 7 }), ({ bitCount, rows }, piece) => {
        const grouper = new CodeGrouper(bitCount)
        const regions: number[] = []
        for (let from = 0; from < rows.length; from += piece) {
          const part = rows.slice(from, from + piece)
          regions.push(...grouper.add(packRows(part), part.length))
        }
        const expected = group(rows)
        const distinct = rows.filter((row, i) => rows.findIndex((other) => text(other) === text(row)) === i)
        expect(regions).toEqual(expected)
        expect(grouper.regionCount).toBe(distinct.length)
        expect([...grouper.counts()]).toEqual(distinct.map((_, g) => expected.filter((e) => e === g).length))
        expect([...grouper.codes()]).toEqual([...packRows(distinct)])
        const stride = Math.ceil(bitCount / 8)
        expect(grouper.hashes()).toEqual(hash128(packRows(distinct), stride, distinct.length, bitCount))
      }),
    )
  })

  test('codes of millions of bits are grouped, as of a whole SqueezeNet', () => {
    const stride = 1_000_003
    const numbers = Array.from({ length: 40 }, (_, row) => (row * row) % 37)
    const codes = new Uint8Array(numbers.length * stride)
    numbers.forEach((number, row) => codes.fill(number, row * stride, (row + 1) * stride))
    const grouper = new CodeGrouper(8 * stride)
    const distinct = [...new Set(numbers)]
    expect([...grouper.add(codes, numbers.length)]).toEqual(numbers.map((number) => distinct.indexOf(number)))
    const kept = grouper.codes()
    expect(kept).toHaveLength(distinct.length * stride)
    expect(distinct.map((_, i) => kept[i * stride])).toEqual(distinct)
  })

  test('codes of 0 bits are one region', () => {
    const grouper = new CodeGrouper(0)
    expect([...grouper.add(new Uint8Array(0), 3)]).toEqual([0, 0, 0])
    expect(grouper.regionCount).toBe(1)
    expect([...grouper.counts()]).toEqual([3])
  })

  test('does not follow later changes of the array it was given', () => {
    const codes = packBits(randomRows(1, 64, 1)[0])
    const grouper = new CodeGrouper(64)
    grouper.add(codes, 1)
    const before = [...codes]
    codes.fill(0)
    expect([...grouper.codes()]).toEqual(before)
  })

  test('two codes with one hash are refused', () => {
    const [a, b] = collidingCodes()
    expect([...hash128(a, 32, 1, 256)]).toEqual([...hash128(b, 32, 1, 256)])
    const grouper = new CodeGrouper(256)
    expect(() => grouper.add(Uint8Array.of(...a, ...a, ...b), 3)).toThrow(
      expect.objectContaining({ code: 'CODE_COLLISION' }),
    )
  })
})
