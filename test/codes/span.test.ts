import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Granularity } from '#atlas/compute/codes/index.js'
import { assembleSpan, spanBits, spanMargins } from '#atlas/compute/codes/index.js'
import type { Bits } from '../support/reference.ts'
import { packBits, packRows } from '../support/reference.ts'

/** A layer as rows x positions x units of bits. */
interface PlainLayer {
  units: number
  positions: number
  bits: Bits[][]
}

const layerOf = (rows: number, positions: number): fc.Arbitrary<PlainLayer> =>
  fc.constantFrom(0, 1, 3, 7, 8, 9, 16, 64, 65, 520).chain((units) => {
    const site = fc.array(fc.boolean(), { minLength: units, maxLength: units })
    const row = fc.array(site, { minLength: positions, maxLength: positions })
    return fc.array(row, { minLength: rows, maxLength: rows }).map((bits) => ({ units, positions, bits }))
  })

const packed = ({ units, positions, bits }: PlainLayer) => ({
  units,
  positions,
  codes: packRows(bits.flat()),
})

const position = fc.integer({ min: 1, max: 4 })
const rowCount = fc.nat({ max: 4 })
const whole = fc
  .tuple(rowCount, fc.array(position, { maxLength: 4 }))
  .chain(([rows, positions]) =>
    fc.tuple(fc.constant(rows), fc.tuple(...positions.map((count) => layerOf(rows, count)))),
  )
const perPosition = fc
  .tuple(rowCount, position)
  .chain(([rows, positions]) =>
    fc.tuple(fc.constant(rows), fc.array(layerOf(rows, positions), { minLength: 1, maxLength: 4 })),
  )

describe('assembleSpan', () => {
  test('orders bits by layer, then position, then unit, without gaps', () => {
    const layers = [
      { units: 3, positions: 2, codes: Uint8Array.of(0b101, 0b011) },
      { units: 2, positions: 2, codes: Uint8Array.of(0b10, 0b11) },
    ]
    expect(spanBits(layers, 'WHOLE_INPUT')).toBe(10)
    expect([...assembleSpan(layers, 1, 'WHOLE_INPUT')]).toEqual([0b10011101, 0b11])
    expect(spanBits(layers, 'PER_POSITION')).toBe(5)
    expect([...assembleSpan(layers, 1, 'PER_POSITION')]).toEqual([0b10101, 0b11011])
  })

  test('WHOLE_INPUT equals concatenating bits', () => {
    fc.assert(
      fc.property(whole, ([rows, layers]) => {
        const codes = Array.from({ length: rows }, (_, row) => layers.flatMap(({ bits }) => bits[row].flat()))
        expect([...assembleSpan(layers.map(packed), rows, 'WHOLE_INPUT')]).toEqual([...packRows(codes)])
        if (rows > 0) expect(spanBits(layers, 'WHOLE_INPUT')).toBe(codes[0].length)
      }),
    )
  })

  test('PER_POSITION equals concatenating bits', () => {
    fc.assert(
      fc.property(perPosition, ([rows, layers]) => {
        const codes = Array.from({ length: rows * layers[0].positions }, (_, site) =>
          layers.flatMap(({ bits }) => bits.flat()[site]),
        )
        expect([...assembleSpan(layers.map(packed), rows, 'PER_POSITION')]).toEqual([...packRows(codes)])
        if (codes.length > 0) expect(spanBits(layers, 'PER_POSITION')).toBe(codes[0].length)
      }),
    )
  })

  test('reads codes from the middle of a larger buffer', () => {
    const units = [true, false, true, true, true, false, false, true, true]
    const buffer = Buffer.concat([Buffer.from([255]), packBits(units), Buffer.from([255])])
    const layer = { units: 9, positions: 1, codes: buffer.subarray(1, 3) }
    expect([...assembleSpan([layer, layer], 1, 'WHOLE_INPUT')]).toEqual([...packBits([...units, ...units])])
  })
})

describe('spanMargins', () => {
  const layers = [
    { positions: 2, margins: Float32Array.of(1, 2, 3, 0), scale: 2 },
    { positions: 2, margins: Float32Array.of(4, 0.5, 5, 6), scale: 4 },
  ]

  test('is the least margin over scale', () => {
    expect([...spanMargins(layers, 2, 'WHOLE_INPUT')]).toEqual([0.125, 0])
    expect([...spanMargins(layers, 2, 'PER_POSITION')]).toEqual([0.5, 0.125, 1.25, 0])
  })

  test('a layer that lies on its threshold has margin 0', () => {
    const onThreshold = { positions: 1, margins: Float32Array.of(0), scale: 0 }
    expect([...spanMargins([onThreshold], 1, 'WHOLE_INPUT')]).toEqual([0])
  })

  test('equals the plain minimum', () => {
    const positive = fc.float({ min: 0, max: 100, noNaN: true })
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 1, max: 3 }),
        fc.array(
          fc.tuple(fc.array(positive, { minLength: 9, maxLength: 9 }), fc.integer({ min: 1, max: 9 })),
          {
            minLength: 1,
            maxLength: 3,
          },
        ),
        (rows, positions, drawn) => {
          const sites = rows * positions
          const span = drawn.map(([margins, scale]) => ({
            positions,
            margins: Float32Array.from(margins.slice(0, sites)),
            scale,
          }))
          const least = (site: number): number =>
            Math.fround(Math.min(...span.map(({ margins, scale }) => margins[site] / scale)))
          const each = Array.from({ length: sites }, (_, site) => least(site))
          expect([...spanMargins(span, rows, 'PER_POSITION')]).toEqual(each)
          const flat = Array.from({ length: rows }, (_, row) =>
            Math.min(...each.slice(row * positions, (row + 1) * positions)),
          )
          expect([...spanMargins(span, rows, 'WHOLE_INPUT')]).toEqual(flat)
        },
      ),
    )
  })
})

test('PER_POSITION refuses layers with different positions', () => {
  const layers = [
    { units: 8, positions: 1, codes: new Uint8Array(1), margins: new Float32Array(1), scale: 1 },
    { units: 8, positions: 2, codes: new Uint8Array(2), margins: new Float32Array(2), scale: 1 },
  ]
  const granularity: Granularity = 'PER_POSITION'
  const refused = expect.objectContaining({ code: 'POSITIONS_DIFFER' })
  expect(() => spanBits(layers, granularity)).toThrow(refused)
  expect(() => assembleSpan(layers, 1, granularity)).toThrow(refused)
  expect(() => spanMargins(layers, 1, granularity)).toThrow(refused)
})
