import { describe, expect, it } from 'vitest'
import { stepsGate } from '#atlas/compute/geometry/gates/steps.js'
import { uniform } from '../support/onnx.ts'

/** A gate of so many units that is slope x below 0 and x above. */
function rectifier(units: number, slope: number) {
  const pieces = [
    { slope, offset: 0 },
    { slope: 1, offset: 0 },
  ]
  return stepsGate(
    { kind: 'STEPS', thresholds: [0], pieces },
    Int32Array.from({ length: units }, (_, i) => i),
  )
}

describe('gates of one step', () => {
  it.each([0, 0.25, 1, -1, 3])(
    'with slope %d below 0 are exact from the least number to near the greatest',
    (slope) => {
      const sizes = [0, Number.MIN_VALUE, 3 * Number.MIN_VALUE, 2 ** -1022, 1e-16, 0.1, 1, 1e16, 8e307]
      const values = sizes.flatMap((size) => [size, -size])
      const output = rectifier(values.length, slope).apply(Float64Array.from(values))
      values.forEach((value, i) => expect(output[i] === (value > 0 ? value : slope * value)).toBe(true))
    },
  )

  it('find every flip, wherever zeros lie', () => {
    const random = uniform(4)
    for (let units = 1; units <= 13; units++) {
      for (let round = 0; round < 40; round++) {
        const draw = () => [0, 1, -1, 1e-200, -1e-200][Math.floor(5 * random())]
        const rows = [0, 1, 2].map(() => Array.from({ length: units }, draw))
        const [before, here, after] = rows
        const flips = rectifier(units, 0).flipsAt(Float64Array.from(rows.flat()), 1)
        const wanted = here.flatMap((value, bit) =>
          value === 0 && before[bit] > 0 !== after[bit] > 0 ? [{ bit, turnsOn: after[bit] > 0 }] : [],
        )
        expect(flips).toEqual(wanted)
      }
    }
  })

  it('find changes of sign between numbers whose product is none', () => {
    const guards = Float64Array.of(1e-200, -1e-200, 1e-200, -1, -1e-200, 1e-200, 1e-200, -1)
    const changes = rectifier(4, 0).changes(guards, 0, 1)
    expect(changes).toEqual([
      { element: 0, fraction: 0.5, before: 1, after: 0 },
      { element: 1, fraction: 0.5, before: 0, after: 1 },
    ])
  })
})
