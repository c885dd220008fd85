import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CodeGrouper, hash128 } from '#atlas/compute/codes/index.js'
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

  test.each([65, 128])('keeps its numbers while it grows (%i bits)', (bitCount) => {
    const rows = randomRows(5000, bitCount, 7)
    const codes = packRows([...rows, ...rows])
    const grouper = new CodeGrouper(bitCount)
    const order = Int32Array.from({ length: 5000 }, (_, i) => i)
    expect(grouper.add(codes, 10_000)).toEqual(Int32Array.of(...order, ...order))
    expect(grouper.counts()).toEqual(new Uint32Array(5000).fill(2))
    expect(grouper.codes()).toEqual(codes.slice(0, codes.length / 2))
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

/**
 * Two codes of 256 bits with the same hash. MurmurHash3 is no cryptographic hash: every step of its loop can be
 * undone. Of two different first blocks, the second block of the one is chosen at will, and that of the other so
 * that both reach the same state.
 */
function collidingCodes(): [Uint8Array, Uint8Array] {
  const multipliers = [0x239b961b, 0xab0e9789, 0x38b34ae5, 0xa1e38b93]
  const mixRotations = [15, 16, 17, 18]
  const stateRotations = [19, 17, 15, 13]
  const constants = [0x561ccd1b, 0x0bcaa747, 0x96cd1c35, 0x32ac3b17]
  const rotate = (x: number, bits: number): number => (x << bits) | (x >>> (32 - bits))
  const inverse = (odd: number): number => {
    let x = odd
    for (let i = 0; i < 5; i++) x = Math.imul(x, 2 - Math.imul(odd, x))
    return x
  }
  const mix = (k: number, i: number): number =>
    Math.imul(rotate(Math.imul(k, multipliers[i]), mixRotations[i]), multipliers[(i + 1) % 4])
  const unmix = (m: number, i: number): number =>
    Math.imul(
      rotate(Math.imul(m, inverse(multipliers[(i + 1) % 4])), 32 - mixRotations[i]),
      inverse(multipliers[i]),
    )
  const absorb = (state: number[], block: number[]): number[] => {
    const h = [...state]
    for (let i = 0; i < 4; i++) {
      h[i] = rotate(h[i] ^ mix(block[i], i), stateRotations[i]) + h[(i + 1) % 4]
      h[i] = (Math.imul(h[i], 5) + constants[i]) | 0
    }
    return h
  }
  const blockBetween = (from: number[], to: number[]): number[] => {
    const h = [...from]
    return to.map((target, i) => {
      const sum = Math.imul(target - constants[i], inverse(5))
      const mixed = rotate((sum - h[(i + 1) % 4]) | 0, 32 - stateRotations[i]) ^ h[i]
      h[i] = target
      return unmix(mixed, i)
    })
  }
  const seed = [256, 256, 256, 256]
  const first = [1, 2, 3, 4]
  const second = [5, 6, 7, 8]
  const other = [9, 10, 11, 12]
  const meeting = absorb(absorb(seed, first), second)
  const bytes = (words: number[]): Uint8Array => new Uint8Array(Uint32Array.from(words).buffer)
  return [bytes([...first, ...second]), bytes([...other, ...blockBetween(absorb(seed, other), meeting)])]
}
