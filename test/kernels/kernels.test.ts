import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { copyBits, narrowRows, rowWords, widenRows } from '#atlas/compute/kernels/index.js'
import { packBits, raggedBits } from '../support/reference.ts'

describe('copyBits', () => {
  test('writes the run, all of it and nothing else, at any offset', () => {
    const runs = raggedBits.chain((n) => fc.array(fc.boolean(), { minLength: n, maxLength: n }))
    fc.assert(
      fc.property(
        runs,
        fc.nat({ max: 40 }),
        fc.nat({ max: 3 }),
        fc.nat({ max: 20 }),
        (run, at, from, after) => {
          const before = Array.from({ length: at }, (_, i) => i % 3 === 0)
          const target = new Uint8Array(Math.ceil((at + run.length + after) / 8))
          target.set(packBits(before))
          const source = Uint8Array.of(...new Uint8Array(from).fill(255), ...packBits(run), 255)
          copyBits(source, from, run.length, target, at)
          const end = Array.from({ length: after }, () => false)
          expect([...target]).toEqual([...packBits([...before, ...run, ...end])])
        },
      ),
      { numRuns: 500 },
    )
  })
})

describe('rows of words', () => {
  test('hold the bytes little-endian, padded with zeros, and give them back', () => {
    const rows = 3
    for (let stride = 0; stride <= 9; stride++) {
      for (let shift = 0; shift < 4; shift++) {
        const memory = Uint8Array.from({ length: shift + rows * stride }, (_, i) => i + 129)
        const codes = memory.subarray(shift)
        const words = rowWords(codes, stride, rows)
        const width = Math.ceil(stride / 4)
        const view = new DataView(words.buffer, words.byteOffset, words.byteLength)
        for (let row = 0; row < rows; row++) {
          for (let i = 0; i < width * 4; i++) {
            const byte = i < stride ? codes[row * stride + i] : 0
            expect(view.getUint8(row * width * 4 + i)).toBe(byte)
          }
        }
        expect([...narrowRows(words, stride, rows)]).toEqual([...codes])
      }
    }
  })

  test('widen to more words than the bytes need', () => {
    const words = new Uint32Array(6)
    widenRows(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10), 5, 2, words, 3)
    expect([...words]).toEqual([0x04030201, 5, 0, 0x09080706, 10, 0])
  })
})
