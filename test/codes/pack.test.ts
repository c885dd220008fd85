import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { packLayer } from '#atlas/compute/codes/index.js'
import { packBits } from '../support/reference.ts'

const shapes = fc.record({
  rows: fc.nat({ max: 5 }),
  positions: fc.integer({ min: 1, max: 4 }),
  units: fc.constantFrom(0, 1, 7, 8, 9, 16, 63, 64, 65),
})

describe('packLayer', () => {
  test('packs a hand-worked layer', () => {
    const pre = Float32Array.of(-1, 0, 2, 0.5, -0.25, 3, -4, 1, 0.125, 0)
    const { codes, margins, absSum, count } = packLayer(pre, 1, 1, 10, 0)
    expect([...codes]).toEqual([0b10101100, 0b00000001])
    expect([...margins]).toEqual([0])
    expect(absSum).toBe(11.875)
    expect(count).toBe(10)
  })

  test('a unit on its threshold is off, whatever the signs of zero', () => {
    for (const threshold of [0, -0]) {
      for (const zero of [0, -0]) {
        expect([...packLayer(new Float32Array(9).fill(zero), 1, 1, 9, threshold).codes]).toEqual([0, 0])
      }
    }
  })

  test('a threshold moves bits and margins', () => {
    const { codes, margins, absSum } = packLayer(Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9), 1, 1, 9, 4.5)
    expect([...codes]).toEqual([0b11110000, 1])
    expect([...margins]).toEqual([0.5])
    expect(absSum).toBe(20.5)
  })

  test('the least difference that float32 can hold still decides', () => {
    const tiny = 2 ** -149
    const pre = Float32Array.of(tiny, -tiny, tiny, -tiny, tiny, -tiny, tiny, -tiny)
    expect([...packLayer(pre, 1, 1, 8, 0).codes]).toEqual([0b01010101])
    expect([...packLayer(pre, 1, 1, 8, tiny / 2).codes]).toEqual([0b01010101])
  })

  test('equals bit-by-bit packing for any shape, values and threshold', () => {
    const floats = fc.float({ noNaN: true, noDefaultInfinity: true })
    const cases = shapes.chain((shape) => {
      const length = shape.rows * shape.positions * shape.units
      return fc.record({
        shape: fc.constant(shape),
        pre: fc.array(fc.oneof(floats, fc.constantFrom(0, -0, 0.5)), {
          minLength: length,
          maxLength: length,
        }),
        // Small enough that no difference leaves float32.
        threshold: fc.oneof(
          fc.constantFrom(0, 0.5),
          fc.float({ noNaN: true, min: -(2 ** 99), max: 2 ** 99 }),
        ),
      })
    })
    fc.assert(
      fc.property(cases, ({ shape: { rows, positions, units }, pre, threshold }) => {
        const packed = packLayer(Float32Array.from(pre), rows, positions, units, threshold)
        const sites = Array.from({ length: rows * positions }, (_, i) =>
          pre.slice(i * units, (i + 1) * units),
        )
        const bytes = sites.flatMap((site) => [...packBits(site.map((value) => value > threshold))])
        expect([...packed.codes]).toEqual(bytes)
        const distance = (value: number): number => Math.abs(Math.fround(value - threshold))
        expect([...packed.margins]).toEqual(sites.map((site) => Math.min(Infinity, ...site.map(distance))))
        const sum = pre.reduce((total, value) => total + distance(value), 0)
        expect(Math.abs(packed.absSum - sum)).toBeLessThanOrEqual(3e-7 * sum)
        expect(packed.count).toBe(pre.length)
      }),
    )
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
