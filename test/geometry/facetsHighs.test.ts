import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { halfSpaces, type Polytope } from '#atlas/compute/geometry/facets/index.js'
import { localMap, openProgram, statesBefore } from '#atlas/compute/geometry/index.js'
import { agreesWithHighs } from '../support/facets.ts'
import { buildMlp, forwardMlp, uniform, type MlpOptions } from '../support/onnx.ts'

/** Rows of unit length, no two the same: their least bound counts. */
function fromRows(rows: readonly number[][], bounds: readonly number[]): Polytope {
  const least = new Map<string, { normal: number[]; offset: number }>()
  rows.forEach((row, i) => {
    const length = Math.hypot(...row)
    if (length === 0) return
    const normal = row.map((value) => value / length)
    const key = normal.map((value) => value.toFixed(9)).join()
    const offset = Math.min(bounds[i] / length, least.get(key)?.offset ?? Infinity)
    least.set(key, { normal, offset })
  })
  const all = [...least.values()]
  return {
    rows: all.length,
    dimension: rows[0].length,
    normals: Float64Array.from(all.flatMap(({ normal }) => normal)),
    offsets: Float64Array.from(all, ({ offset }) => offset),
  }
}

describe('facets of random polytopes are those that HiGHS finds', () => {
  it.each([2, 3, 4, 6, 8, 12, 16, 24, 32])('with rows in general position, D = %i', (dimension) => {
    const random = uniform(dimension)
    for (const share of [0.7, 1.1, 2, 4]) {
      const count = Math.max(2, Math.round(share * dimension))
      const rows = Array.from({ length: count }, () =>
        Array.from({ length: dimension }, () => random() + random() + random() - 1.5),
      )
      agreesWithHighs(
        fromRows(
          rows,
          rows.map((row) => Math.hypot(...row) * 10 ** (-2 * random())),
        ),
      )
    }
  })

  it('with many rows through each vertex, rows that touch, cones, low rank, empty and stretched ones', () => {
    let touching = 0
    let empty = 0
    const shapes = fc.record({
      dimension: fc.integer({ min: 2, max: 8 }),
      share: fc.double({ min: 1, max: 6, noNaN: true }),
      most: fc.integer({ min: 1, max: 2 }),
      kind: fc.constantFrom('bounded', 'cone', 'low rank', 'stretched'),
      seed: fc.nat(),
    })
    fc.assert(
      fc.property(shapes, ({ dimension, share, most, kind, seed }) => {
        const random = uniform(seed)
        const whole = (least: number, greatest: number) =>
          least + Math.floor(random() * (greatest - least + 1))
        const rank = kind === 'low rank' ? Math.max(1, dimension - 2) : dimension
        const scales = Array.from({ length: dimension }, () =>
          kind === 'stretched' ? 10 ** (4 * random() - 2) : 1,
        )
        const inside = Array.from({ length: dimension }, () => whole(-3, 3))
        const rows = Array.from({ length: Math.ceil(share * dimension) + 1 }, () =>
          scales.map((scale, j) => (j < rank ? scale * whole(-most, most) : 0)),
        )
        // A slack of 0 to 3 at a point; where some are 0 there may be no inside.
        const bounds = rows.map((row) =>
          row.reduce((sum, value, j) => sum + value * inside[j], kind === 'cone' ? 0 : whole(0, 3) || 1),
        )
        if (kind !== 'cone' && seed % 5 === 0) bounds[0] -= 3
        const touches = agreesWithHighs(fromRows(rows, bounds))
        if (touches === undefined) empty++
        else touching += touches
      }),
      { numRuns: 250, seed: 11 },
    )
    // The generator makes what it is here for.
    expect(touching).toBeGreaterThan(20)
    expect(empty).toBeGreaterThan(10)
  })
})

const nets: MlpOptions[] = [
  { sizes: [2, 10, 10, 3], seed: 1 },
  { sizes: [3, 12, 12, 4], seed: 2, leaky: 0.1 },
  { sizes: [5, 20, 20, 20, 2], seed: 3 },
  { sizes: [8, 16, 16, 3], seed: 4 },
  { sizes: [16, 20, 20, 3], seed: 5, leaky: 0.25 },
  { sizes: [32, 24, 24, 3], seed: 6 },
]

it.each(nets)('facets of regions of $sizes (leaky $leaky) are those that HiGHS finds', async (net) => {
  const program = await openProgram(buildMlp(net))
  const random = uniform(21)
  const toLayer = net.sizes.length - 3
  for (let region = 0; region < 8; region++) {
    const x = Float64Array.from({ length: net.sizes[0] }, () => 4 * random() - 2)
    const bits = Uint8Array.from(forwardMlp(net, x).preActivations.flat(), (value) => Number(value > 0))
    const map = await localMap(program, { fromLayer: 0, toLayer, bits }, await statesBefore(program, x, 1, 0))
    const { polytope } = halfSpaces(map, bits)
    agreesWithHighs(polytope)
  }
  await program.close()
})
