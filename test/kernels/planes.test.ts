import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { packPlanes, packWindows } from '#atlas/compute/kernels/index.js'
import { packBits } from '../support/reference.ts'

const floats = fc.oneof(fc.float({ noNaN: true, noDefaultInfinity: true }), fc.constantFrom(0, -0, 0.5))
const threshold = fc.oneof(
  fc.constantFrom(0, -0, 0.5),
  fc.float({ noNaN: true, min: -(2 ** 99), max: 2 ** 99 }),
)

const layers = fc
  .tuple(fc.constantFrom(1, 2), fc.constantFrom(1, 3, 8, 17), fc.constantFrom(1, 15, 16, 17, 33))
  .chain(([samples, units, positions]) => {
    const length = samples * units * positions
    return fc.record({
      ...{ samples: fc.constant(samples), units: fc.constant(units), positions: fc.constant(positions) },
      pre: fc.array(floats, { minLength: length, maxLength: length }),
    })
  })

/** Samples of units, each a plane of positions. */
interface Layer {
  samples: number
  units: number
  positions: number
  pre: ArrayLike<number>
}

function pack({ samples, units, positions, pre }: Layer, above: number) {
  const codes = new Uint8Array(samples * positions * Math.ceil(units / 8)).fill(0xff)
  const margins = new Float32Array(samples * positions)
  const sum = packPlanes(Float32Array.from(pre), { samples, units, positions }, above, codes, margins)
  return { codes: [...codes], margins: [...margins], sum }
}

/** Site by site, unit by unit. */
function expected({ samples, units, positions, pre }: Layer, above: number) {
  const distance = (value: number): number => Math.abs(Math.fround(value - above))
  const sites = Array.from({ length: samples * positions }, (_, site) => {
    const [sample, position] = [Math.floor(site / positions), site % positions]
    return Array.from({ length: units }, (_, unit) => pre[(sample * units + unit) * positions + position])
  })
  return {
    codes: sites.flatMap((values) => [...packBits(values.map((value) => value > above))]),
    margins: sites.map((values) => values.map(distance).reduce((a, b) => Math.min(a, b), Infinity)),
    sum: Array.from(pre).reduce((total, value) => total + distance(value), 0),
  }
}

describe('packing units that are planes', () => {
  test('is one comparison a unit, for any shape, values and threshold', () => {
    fc.assert(
      fc.property(layers, threshold, (layer, above) => {
        const { sum, ...found } = pack(layer, above)
        const { sum: plain, ...wanted } = expected(layer, above)
        expect(found).toEqual(wanted)
        expect(Math.abs(sum - plain)).toBeLessThanOrEqual(7e-7 * plain)
      }),
    )
  })

  test.each([
    [1, 64, 12_321],
    [3, 300, 1000],
    [2, 5000, 20],
  ])('%i samples of %i units at %i positions', (samples, units, positions) => {
    const pre = Float32Array.from({ length: samples * units * positions }, (_, i) => Math.sin(i * i))
    const layer = { samples, units, positions, pre }
    const { sum, ...found } = pack(layer, 0.125)
    const { sum: plain, ...wanted } = expected(layer, 0.125)
    expect(found.codes.every((byte, i) => byte === wanted.codes[i])).toBe(true)
    expect(found.margins).toEqual(wanted.margins)
    expect(Math.abs(sum - plain)).toBeLessThanOrEqual(7e-7 * plain)
  })

  test.each([NaN, Infinity, -Infinity])('has a sum that is not finite with %s anywhere', (value) => {
    for (const at of [0, 100, 5 * 33 - 1]) {
      const pre = new Float32Array(5 * 33)
      pre[at] = value
      expect(Number.isFinite(pack({ samples: 1, units: 5, positions: 33, pre }, 0).sum)).toBe(false)
    }
  })
})

const windows = fc
  .record({
    samples: fc.constantFrom(1, 3),
    units: fc.constantFrom(1, 2, 5, 9),
    positions: fc.integer({ min: 1, max: 6 }),
    plane: fc.integer({ min: 1, max: 9 }),
    window: fc.integer({ min: 2, max: 9 }),
  })
  .chain((shape) => {
    const length = shape.samples * shape.units * shape.plane
    const places = shape.positions * shape.window
    return fc.record({
      shape: fc.constant(shape),
      pre: fc.array(fc.oneof(floats, fc.constantFrom(1, 2)), { minLength: length, maxLength: length }),
      places: fc.array(fc.integer({ min: -1, max: shape.plane - 1 }), {
        minLength: places,
        maxLength: places,
      }),
    })
  })

describe('packing windows', () => {
  test('has the first of the greatest entries of each, and its lead', () => {
    fc.assert(
      fc.property(windows, ({ shape, pre, places }) => {
        const { samples, units, positions, plane, window } = shape
        const bits = Math.ceil(Math.log2(window))
        const found = packWindows(Float32Array.from(pre), { ...shape, bits, places: Int32Array.from(places) })
        const leads: number[] = []
        const sites = Array.from({ length: samples * positions }, (_, site) => {
          const [sample, position] = [Math.floor(site / positions), site % positions]
          return Array.from({ length: units }, (_, unit) => {
            const values = places
              .slice(position * window, (position + 1) * window)
              .map((place) => (place < 0 ? -Infinity : pre[(sample * units + unit) * plane + place]))
            const most = Math.max(...values)
            const winner = most === -Infinity ? 0 : values.indexOf(most)
            const next = Math.max(...values.filter((value) => value < most && value > -Infinity))
            const lead = next === -Infinity ? Infinity : Math.fround(most - next)
            if (lead !== Infinity) leads.push(lead)
            return { bits: Array.from({ length: bits }, (_, bit) => ((winner >> bit) & 1) === 1), lead }
          })
        })
        // A lead that leaves float32 is none.
        expect([...found.codes]).toEqual(
          sites.flatMap((site) => [...packBits(site.flatMap(({ bits }) => bits))]),
        )
        expect([...found.margins]).toEqual(sites.map((site) => Math.min(...site.map(({ lead }) => lead))))
        expect(found.count).toBe(leads.length)
        const sum = leads.reduce((a, b) => a + b, 0)
        expect(Math.abs(found.sum - sum)).toBeLessThanOrEqual(1e-12 * sum)
        expect(found.finite).toBe(true)
      }),
    )
  })

  test.each([NaN, Infinity, -Infinity])('notices %s in a window, and not beside all of them', (value) => {
    const shape = { samples: 1, units: 1, positions: 1, plane: 3, window: 2, bits: 1 }
    const pre = Float32Array.of(value, 1, 2)
    expect(packWindows(pre, { ...shape, places: Int32Array.of(0, 1) }).finite).toBe(false)
    expect(packWindows(pre, { ...shape, places: Int32Array.of(1, 2) })).toMatchObject({
      finite: true,
      sum: 1,
    })
  })
})
