import { describe, expect, it } from 'vitest'
import { regionFacets, type Bound, type RegionFacets } from '#atlas/compute/geometry/facets/index.js'
import { localMap, openProgram, statesBefore, type LocalMap } from '#atlas/compute/geometry/index.js'
import { buildMlp, forwardMlp, uniform, type MlpOptions } from '../support/onnx.ts'

/** A map in two dimensions whose units are a x + b y + c, at a base point. */
function mapOf(base: [number, number], ...layers: [number, number, number][][]): LocalMap {
  const guards = layers.map((units) => ({
    matrix: Float64Array.from(units.flatMap(([a, b]) => [a, b])),
    value: Float64Array.from(units, ([a, b, c]) => a * base[0] + b * base[1] + c),
    bitsPerUnit: 1,
  }))
  return { dimension: 2, base: Float64Array.from(base), guards, output: guards[0] }
}

function found(result: ReturnType<typeof regionFacets>): RegionFacets {
  if (result.kind !== 'FACETS') throw new Error(`no facets: ${result.kind}`)
  return result
}

const named = (bounds: readonly Bound[]) =>
  bounds
    .map((bound) => (bound.kind === 'UNIT' ? `unit ${bound.bits.join('+')}` : `${bound.side} ${bound.axis}`))
    .join()

/** Names of the facets' bounds, with their distances from the base. */
const distances = ({ facets }: RegionFacets) =>
  Object.fromEntries(
    facets.map(({ bounds, distance }) => [named(bounds), Math.round(distance * 1e12) / 1e12]),
  )

describe('facets of a region worked by hand', () => {
  // x > 0, y > 0, x + y <= 2 around (0.5, 0.25), and one beyond: 3x + y <= 7.
  const triangle: [number, number, number][] = [
    [1, 0, 0],
    [0, 3, 0],
    [1, 1, -2],
    [3, 1, -7],
  ]
  const bits = Uint8Array.of(1, 1, 0, 0)

  it('are its units, with distances along the normals of length 1', () => {
    const result = found(regionFacets(mapOf([0.5, 0.25], triangle), bits))
    expect(distances(result)).toEqual({
      'unit 0': 0.5,
      'unit 1': 0.25,
      'unit 2': Math.round((1.25 / Math.SQRT2) * 1e12) / 1e12,
    })
    const [first, second, third] = result.facets
    expect([...first.normal]).toEqual([-1, 0])
    expect(first.point[0]).toBeCloseTo(0, 14)
    expect(second.point[1]).toBeCloseTo(0, 14)
    expect(third.point[0] + third.point[1]).toBeCloseTo(2, 14)
    // The incircle of the triangle with legs of 2.
    const radius = 2 - Math.SQRT2
    expect(result.inradius).toBeCloseTo(radius, 14)
    expect(result.center?.[0]).toBeCloseTo(radius, 14)
    expect(result.center?.[1]).toBeCloseTo(radius, 14)
  })

  it('say of which layer and unit they are', () => {
    const map = mapOf([0.5, 0.25], triangle.slice(0, 2), triangle.slice(2))
    const { facets } = found(regionFacets(map, bits))
    expect(facets.map(({ bounds }) => bounds)).toEqual([
      [{ kind: 'UNIT', layer: 0, index: 0, bits: [0] }],
      [{ kind: 'UNIT', layer: 0, index: 1, bits: [1] }],
      [{ kind: 'UNIT', layer: 1, index: 0, bits: [2] }],
    ])
  })

  it('are the same from a base on a face, on a vertex, or just outside', () => {
    for (const base of [
      [0, 1],
      [0, 0],
      [1, 1],
      [-1e-7, 0.3],
    ] as [number, number][]) {
      const result = found(regionFacets(mapOf(base, triangle), bits))
      expect(result.facets.map(({ bounds }) => named(bounds))).toEqual(['unit 0', 'unit 1', 'unit 2'])
      expect(result.facets[0].distance).toBeCloseTo(base[0], 14)
      expect(result.inradius).toBeCloseTo(2 - Math.SQRT2, 12)
    }
  })

  it('belong to all units with the same half-space, whatever their scale and sign', () => {
    const again: [number, number, number][] = [
      [0.1, 0.1, -0.2],
      [-7, -7, 14],
      [0, -1e-3, 0],
    ]
    const result = found(regionFacets(mapOf([0.5, 0.25], triangle, again), Uint8Array.of(...bits, 0, 1, 0)))
    expect(result.facets.map(({ bounds }) => named(bounds))).toEqual([
      'unit 0',
      'unit 1,unit 6',
      'unit 2,unit 4,unit 5',
    ])
  })

  it('leave out units that do not depend on the point, unless these contradict the code', () => {
    const dead: [number, number, number][] = [
      [0, 0, -0.5],
      [1e-17, -2e-17, 3],
      [0, 0, 0],
      // Rounding, whose zeros cut the triangle.
      [1e-17, -2e-17, 1e-17],
    ]
    const map = mapOf([0.5, 0.25], triangle, dead)
    const result = found(regionFacets(map, Uint8Array.of(...bits, 0, 1, 0, 1)))
    expect(result.facets).toHaveLength(3)
    expect(regionFacets(map, Uint8Array.of(...bits, 1, 1, 0, 1))).toEqual({ kind: 'EMPTY' })
    expect(regionFacets(map, Uint8Array.of(...bits, 0, 0, 0, 1))).toEqual({ kind: 'EMPTY' })
  })

  it('are none where no point has the code', () => {
    // 3x + y > 7 is beyond x + y <= 2 where y > 0 only from x > 2.5 on.
    expect(regionFacets(mapOf([0.5, 0.25], triangle), Uint8Array.of(1, 1, 0, 1))).toEqual({ kind: 'EMPTY' })
    // Two units that are each other's negative, both on.
    const opposite: [number, number, number][] = [
      [1, 2, 1],
      [-1, -2, -1],
    ]
    expect(regionFacets(mapOf([1, -1], opposite), Uint8Array.of(1, 1))).toEqual({ kind: 'EMPTY' })
  })

  it('are sides of the box too, where one is given', () => {
    const box = { lower: Float64Array.of(0, -1), upper: Float64Array.of(1.5, Infinity) }
    const result = found(regionFacets(mapOf([0.5, 0.25], triangle), bits, { box }))
    expect(distances(result)).toEqual({
      'unit 0,LOWER 0': 0.5,
      'unit 1': 0.25,
      'unit 2': Math.round((1.25 / Math.SQRT2) * 1e12) / 1e12,
      'UPPER 0': 1,
    })
    const apart = { lower: Float64Array.of(3, 3), upper: Float64Array.of(4, 4) }
    expect(regionFacets(mapOf([0.5, 0.25], triangle), bits, { box: apart })).toEqual({ kind: 'EMPTY' })
  })
})

const nets: MlpOptions[] = [
  { sizes: [2, 12, 10, 3], seed: 1 },
  { sizes: [5, 16, 16, 16, 2], seed: 3 },
  { sizes: [4, 16, 16, 3], seed: 4, leaky: 0.25 },
]

describe.each(nets)('across a facet of a region of $sizes (leaky $leaky)', (net) => {
  const toLayer = net.sizes.length - 3
  const bitsAt = (x: Float64Array) =>
    Uint8Array.from(forwardMlp(net, x).preActivations.flat(), (value) => Number(value > 0))
  const regionAt = async (program: Awaited<ReturnType<typeof openProgram>>, x: Float64Array) => {
    const bits = bitsAt(x)
    const map = await localMap(program, { fromLayer: 0, toLayer, bits }, await statesBefore(program, x, 1, 0))
    return { bits, region: found(regionFacets(map, bits)) }
  }
  const stepFrom = (point: Float64Array, normal: Float64Array, length: number) =>
    point.map((value, j) => value + length * normal[j])

  it('only its units change, and the region there has that facet as well', async () => {
    const program = await openProgram(buildMlp(net))
    const random = uniform(5)
    for (let i = 0; i < 6; i++) {
      const x = Float64Array.from({ length: net.sizes[0] }, () => 2 * random() - 1)
      const { bits, region } = await regionAt(program, x)
      expect(bitsAt(region.inside)).toEqual(bits)
      expect(region.facets.length).toBeGreaterThan(1)
      for (const { bounds, point, normal, margin } of region.facets) {
        const step = Math.min(1e-4, margin / 10)
        expect(bitsAt(stepFrom(point, normal, -step))).toEqual(bits)
        const across = stepFrom(point, normal, step)
        const flipped = bounds.flatMap((bound) => (bound.kind === 'UNIT' ? bound.bits : [-1]))
        expect([...bitsAt(across).keys()].filter((bit) => bitsAt(across)[bit] !== bits[bit])).toEqual(flipped)
        const { region: next } = await regionAt(program, across)
        const back = next.facets.find((facet) => named(facet.bounds) === named(bounds))
        expect(back?.distance).toBeCloseTo(step, 9)
      }
    }
    await program.close()
  })
})
