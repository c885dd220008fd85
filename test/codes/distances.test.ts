import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { confidenceOf, leastSureByte, lowerTo, packDistances } from '#atlas/compute/codes/index.js'

/** The distance that a byte stands for, worked out of the confidence that it gives. */
const distanceOf = (byte: number) => {
  const confidence = confidenceOf(byte, 0.125)
  return 8 * Math.log(confidence / (1 - confidence))
}

/** Units side by side. */
const DENSE = { shape: [1], unitAxis: 0 }

const float = fc.float({ noNaN: true, noDefaultInfinity: true, min: -1000, max: 1000 })

describe('distances in a byte', () => {
  test('are never greater than they are, and by a sixteenth less at most', () => {
    fc.assert(
      fc.property(
        fc.array(float, { minLength: 1, maxLength: 20 }),
        fc.constantFrom(0, -3, 0.5),
        (values, t) => {
          const bytes = packDistances(Float32Array.from(values), DENSE, [t])
          values.forEach((value, i) => {
            const distance = Math.abs(Math.fround(value - t))
            const kept = distanceOf(bytes[i])
            expect(kept).toBeLessThanOrEqual(distance * (1 + 1e-9) + 1e-12)
            const held = distance >= 0.00104 && distance <= 62
            if (held) expect(kept).toBeGreaterThan((distance * 16) / 17.001)
          })
        },
      ),
    )
  })

  test('of several thresholds stand beside each other', () => {
    const bytes = packDistances(Float32Array.of(0, 4), DENSE, [-3, 3])
    expect([...bytes].map(distanceOf).map((d) => Math.round(d * 1e6) / 1e6)).toEqual([3, 3, 7, 1])
  })

  test('give the confidences of a logistic function, from a half', () => {
    const [zero, one] = packDistances(Float32Array.of(0, 1), DENSE, [0])
    expect(confidenceOf(zero, 5)).toBe(0.5)
    expect(confidenceOf(one, 1)).toBeCloseTo(0.7310585786300049, 15)
    expect(confidenceOf(one, 2)).toBeCloseTo(0.8807970779778823, 15)
  })

  test('are sure from the least byte on, and from none', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.5, max: 1 }), fc.double({ min: 0.01, max: 20 }), (least, sharpness) => {
        const byte = leastSureByte(least, sharpness)
        for (let i = 0; i < 256; i++) expect(confidenceOf(i, sharpness) >= least).toBe(i >= byte)
      }),
    )
    expect(leastSureByte(0.5, 1)).toBe(0)
    expect(leastSureByte(0.999, 0.01)).toBe(256)
  })

  test('are lowered in their place alone', () => {
    const least = Uint8Array.of(9, 9, 9, 9)
    lowerTo(least, 1, Uint8Array.of(0, 0, 5, 12), 2, 2)
    expect([...least]).toEqual([9, 5, 9, 9])
  })
})
