import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { packBits } from '../../support/reference.ts'
import { backends } from './backends.ts'

const floats = fc.oneof(fc.float({ noNaN: true, noDefaultInfinity: true }), fc.constantFrom(0, -0, 0.5))

/** Small enough that no difference leaves float32. */
const threshold = fc.oneof(
  fc.constantFrom(0, -0, 0.5),
  fc.float({ noNaN: true, min: -(2 ** 99), max: 2 ** 99 }),
)

const layers = fc
  .tuple(fc.constantFrom(0, 1, 2, 9), fc.constantFrom(0, 1, 7, 8, 15, 16, 17, 63, 64, 65, 1023))
  .chain(([sites, units]) => {
    const length = units > 65 ? Math.min(sites, 2) * units : sites * units
    return fc.record({
      units: fc.constant(units),
      sites: fc.constant(units > 65 ? Math.min(sites, 2) : sites),
      pre: fc.array(floats, { minLength: length, maxLength: length }),
    })
  })

describe.each(backends)('pack of $name', (kernels) => {
  function pack(pre: readonly number[], sites: number, units: number, above: number) {
    const codes = new Uint8Array(sites * Math.ceil(units / 8))
    const margins = new Float32Array(sites)
    const sum = kernels.pack(Float32Array.from(pre), sites, units, above, codes, margins)
    return { codes: [...codes], margins: [...margins], sum }
  }

  /** Straight from the contract, one unit at a time. */
  function expected(pre: readonly number[], sites: number, units: number, above: number) {
    const distance = (value: number): number => Math.abs(Math.fround(value - above))
    const site = (i: number): number[] => pre.slice(i * units, (i + 1) * units)
    const all = Array.from({ length: sites }, (_, i) => site(i))
    return {
      codes: all.flatMap((values) => [...packBits(values.map((value) => value > above))]),
      margins: all.map((values) => Math.min(Infinity, ...values.map(distance))),
      sum: pre.reduce((total, value) => total + distance(value), 0),
    }
  }

  test('is one comparison a unit, for any shape, values and threshold', () => {
    fc.assert(
      fc.property(layers, threshold, ({ pre, sites, units }, above) => {
        const { sum, ...exact } = pack(pre, sites, units, above)
        const { sum: plain, ...wanted } = expected(pre, sites, units, above)
        expect(exact).toEqual(wanted)
        expect(Math.abs(sum - plain)).toBeLessThanOrEqual(3e-7 * plain)
      }),
    )
  })

  test.each([
    [10_000, 65],
    [2, 64_000],
  ])('%i sites of %i units', (sites, units) => {
    const pre = Array.from({ length: sites * units }, (_, i) => Math.fround(Math.sin(i * i)))
    const { sum, ...exact } = pack(pre, sites, units, 0.25)
    const { sum: plain, ...wanted } = expected(pre, sites, units, 0.25)
    expect(exact).toEqual(wanted)
    expect(Math.abs(sum - plain)).toBeLessThanOrEqual(3e-7 * plain)
  })

  test('the least difference that float32 can hold still decides', () => {
    const tiny = 2 ** -149
    const pre = [tiny, -tiny, tiny, -tiny, tiny, -tiny, tiny, -tiny]
    expect(pack(pre, 1, 8, 0).codes).toEqual([0b01010101])
  })

  test('sums that leave float32 are finite, distances that leave it are not', () => {
    const largest = Math.fround(3.4e38)
    expect(pack(new Array<number>(64).fill(largest), 1, 64, 0).sum).toBe(64 * largest)
    expect(pack(new Array<number>(64).fill(-3e38), 1, 64, 1e38).sum).toBe(Infinity)
  })

  test.each([NaN, Infinity, -Infinity])('a single %s shows in the sum, wherever it is', (value) => {
    for (const unit of [0, 15, 16, 18]) {
      const pre = new Array<number>(3 * 19).fill(1)
      pre[19 + unit] = value
      expect(Number.isFinite(pack(pre, 3, 19, 0).sum)).toBe(false)
    }
  })
})
