import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  agreement,
  AgreementBuilder,
  fromBitString,
  popcounts,
  toBitString,
} from '#atlas/compute/codes/index.js'
import type { Bits } from '../support/reference.ts'
import { packBits, packRows, raggedBits, raggedRows, text } from '../support/reference.ts'

const bitsOfAnySize = raggedBits.chain((n) => fc.array(fc.boolean(), { minLength: n, maxLength: n }))

describe('bit strings', () => {
  test('bit 0 comes first', () => {
    expect(toBitString(Uint8Array.of(0b00000110, 1), 9)).toBe('011000001')
    expect(fromBitString('011000001')).toEqual({ code: Uint8Array.of(0b00000110, 1), bitCount: 9 })
  })

  test('go both ways', () => {
    fc.assert(
      fc.property(bitsOfAnySize, (bits) => {
        expect(toBitString(packBits(bits), bits.length)).toBe(text(bits))
        expect(fromBitString(text(bits))).toEqual({ code: packBits(bits), bitCount: bits.length })
      }),
    )
  })

  test.each(['01x', '0 1', '2', '01\n', '０'])('%j is refused', (bits) => {
    expect(() => fromBitString(bits)).toThrow(expect.objectContaining({ code: 'BAD_BIT_STRING' }))
  })
})

test('popcounts counts the active bits of each row', () => {
  fc.assert(
    fc.property(raggedRows(), ({ bitCount, rows }) => {
      const counts = popcounts(packRows(rows), Math.ceil(bitCount / 8), rows.length)
      expect([...counts]).toEqual(rows.map((row) => row.filter(Boolean).length))
    }),
  )
})

describe('agreement', () => {
  const plain = (rows: Bits[], bitCount: number) => {
    const bits = Array.from({ length: bitCount }, (_, i) => rows.every((row) => row[i] === rows[0][i]))
    return { mask: packBits(bits), values: packBits(bits.map((agree, i) => agree && rows[0][i])) }
  }

  test('equals comparing every bit of every row, at once or in pieces', () => {
    fc.assert(
      fc.property(raggedRows(1), fc.integer({ min: 1, max: 7 }), ({ bitCount, rows }, piece) => {
        const expected = plain(rows, bitCount)
        expect(agreement(packRows(rows), Math.ceil(bitCount / 8), rows.length, bitCount)).toEqual(expected)
        const builder = new AgreementBuilder(bitCount)
        for (let from = 0; from < rows.length; from += piece) {
          const part = rows.slice(from, from + piece)
          builder.add(packRows(part), part.length)
        }
        expect(builder.result()).toEqual(expected)
      }),
    )
  })

  test('of no codes is empty', () => {
    expect(agreement(new Uint8Array(0), 2, 0, 9)).toEqual({
      mask: new Uint8Array(2),
      values: new Uint8Array(2),
    })
  })

  test('does not follow later changes of a buffer', () => {
    const builder = new AgreementBuilder(16)
    const buffer = Buffer.from([5, 7])
    builder.add(buffer, 1)
    buffer.fill(0)
    expect(builder.result()).toEqual({ mask: Uint8Array.of(255, 255), values: Uint8Array.of(5, 7) })
  })
})
