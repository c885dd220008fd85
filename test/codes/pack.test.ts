import { describe, expect, test } from 'vitest'
import { packLayer } from '#atlas/compute/codes/index.js'

describe('packLayer', () => {
  test('packs a hand-worked layer', () => {
    const pre = Float32Array.of(-1, 0, 2, 0.5, -0.25, 3, -4, 1, 0.125, 0)
    const { codes, margins, absSum, count } = packLayer(pre, 1, 1, 10, 0)
    expect([...codes]).toEqual([0b10101100, 0b00000001])
    expect([...margins]).toEqual([0])
    expect(absSum).toBe(11.875)
    expect(count).toBe(10)
  })

  test('a threshold moves bits and margins', () => {
    const { codes, margins, absSum } = packLayer(Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9), 1, 1, 9, 4.5)
    expect([...codes]).toEqual([0b11110000, 1])
    expect([...margins]).toEqual([0.5])
    expect(absSum).toBe(20.5)
  })

  test('sums that leave float32 are no infinite activation', () => {
    const largest = Math.fround(3.4e38)
    const { absSum, margins } = packLayer(new Float32Array(64).fill(largest), 1, 1, 64, 0)
    expect(absSum).toBe(64 * largest)
    expect([...margins]).toEqual([largest])
  })

  test('a distance from the threshold that leaves float32 is refused', () => {
    const pre = new Float32Array(20).fill(-3e38)
    expect(() => packLayer(pre, 1, 1, 20, 1e38)).toThrow(
      expect.objectContaining({ code: 'NON_FINITE_ACTIVATION' }),
    )
  })

  test.each([NaN, Infinity, -Infinity])('refuses %s and says where it is', (value) => {
    for (const unit of [3, 9]) {
      const pre = new Float32Array(2 * 3 * 10)
      pre[1 * 30 + 2 * 10 + unit] = value
      expect(() => packLayer(pre, 2, 3, 10, 0)).toThrow(
        expect.objectContaining({
          code: 'NON_FINITE_ACTIVATION',
          message: expect.stringContaining(`row 1, position 2, unit ${unit} is ${value}`),
        }),
      )
    }
  })
})
