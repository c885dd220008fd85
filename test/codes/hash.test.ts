import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hash128 } from '#atlas/compute/codes/index.js'

describe('hash128', () => {
  test('of nothing with seed 0 is 0', () => {
    expect([...hash128(new Uint8Array(0), 0, 1, 0)]).toEqual(new Array(16).fill(0))
  })

  test('hashes each row alone, wherever the rows lie in memory', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.nat({ max: 5 }),
        fc.nat({ max: 3 }),
        (stride, rows, shift) => {
          const memory = new Uint8Array(shift + rows * stride).map(
            (_, i) => Math.imul(i + 1, 0x9e3779b1) >>> 24,
          )
          const codes = memory.subarray(shift)
          const hashes = hash128(codes, stride, rows, stride * 8)
          expect(hashes).toHaveLength(rows * 16)
          for (let row = 0; row < rows; row++) {
            const alone = hash128(codes.slice(row * stride, (row + 1) * stride), stride, 1, stride * 8)
            expect([...hashes.subarray(row * 16, row * 16 + 16)]).toEqual([...alone])
          }
        },
      ),
    )
  })

  test('depends on the bit count', () => {
    const code = Uint8Array.of(1, 0)
    expect([...hash128(code, 2, 1, 15)]).not.toEqual([...hash128(code, 2, 1, 16)])
  })
})
