import fc from 'fast-check'
import { expect, test } from 'vitest'
import { selectPositions } from '#atlas/compute/codes/index.js'
import { packRows } from '../support/reference.ts'

test('a layer of some positions is the layer that was packed from those alone', () => {
  const layer = fc.record({
    rows: fc.nat(4),
    positions: fc.integer({ min: 1, max: 9 }),
    units: fc.constantFrom(1, 7, 8, 9, 65),
    seed: fc.nat(),
    keep: fc.infiniteStream(fc.boolean()),
  })
  fc.assert(
    fc.property(layer, ({ rows, positions, units, seed, keep }) => {
      const chosen = Array.from({ length: positions }, (_, i) => i).filter(() => keep.next().value)
      const bit = (site: number, unit: number) => ((seed + 31 * site + 7 * unit) % 5) % 2 === 0
      const bitsOf = (site: number) => Array.from({ length: units }, (_, unit) => bit(site, unit))
      const all = Array.from({ length: rows * positions }, (_, site) => site)
      const kept = all.filter((site) => chosen.includes(site % positions))
      const codes = packRows(all.map(bitsOf))
      const whole = { units, positions, codes, margins: Float32Array.from(all), scale: 2 }
      expect(selectPositions(whole, rows, chosen)).toEqual({
        units,
        positions: chosen.length,
        codes: packRows(kept.map(bitsOf)),
        margins: Float32Array.from(kept),
        scale: 2,
      })
    }),
  )
})
