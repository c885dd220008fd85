import { describe, expect, it } from 'vitest'
import { codesAcross, regionFacets, type RegionFacet } from '#atlas/compute/geometry/facets/index.js'
import { localMap, openProgram, statesBefore } from '#atlas/compute/geometry/index.js'
import { buildMlp, forwardMlp, uniform, type AffineLayer, type MlpOptions } from '../support/onnx.ts'

/** Values below this are rounding in the networks here. */
const ZERO = 1e-12

/** A layer by its units: of each, the weights of what it reads, then its bias. */
function layerOf(...units: number[][]): AffineLayer {
  const inputs = units[0].length - 1
  return {
    inputs,
    outputs: units.length,
    weights: Array.from({ length: inputs }, (_, i) => units.map((unit) => unit[i])).flat(),
    bias: units.map((unit) => unit[inputs]),
  }
}

function netOf(weights: AffineLayer[], leaky?: number): MlpOptions {
  return {
    sizes: [weights[0].inputs, ...weights.map(({ outputs }) => outputs)],
    weights,
    ...(leaky !== undefined && { leaky }),
  }
}

const bitsAt = (net: MlpOptions, x: Float64Array) =>
  forwardMlp(net, x)
    .preActivations.flat()
    .map((value) => Number(value > ZERO))

/** The facets of the region at a point, with the codes across them. */
async function crossingsAt(
  net: MlpOptions,
  x: Float64Array,
  box?: { lower: Float64Array; upper: Float64Array },
) {
  const program = await openProgram(buildMlp(net))
  const region = { fromLayer: 0, toLayer: net.sizes.length - 3, bits: Uint8Array.from(bitsAt(net, x)) }
  const map = await localMap(program, region, await statesBefore(program, x, 1, 0))
  const found = regionFacets(map, region.bits, box ? { box } : {})
  const facets = found.kind === 'FACETS' ? found.facets : []
  const codes = await codesAcross(program, region, map, facets)
  await program.close()
  return { bits: [...region.bits], facets, codes: codes.map((code) => code && [...code]) }
}

const stepAcross = ({ point, normal }: RegionFacet, length: number) =>
  point.map((value, j) => value + length * normal[j])

describe('the code across a facet', () => {
  it('differs in the one bit of a generic facet', async () => {
    const net: MlpOptions = { sizes: [4, 12, 10, 3], seed: 8 }
    const { bits, facets, codes } = await crossingsAt(net, Float64Array.of(0.2, -0.1, 0.4, 0.3))
    expect(facets.length).toBeGreaterThan(3)
    facets.forEach(({ bounds }, i) => {
      const flipped = codes[i]?.flatMap((bit, k) => (bit === bits[k] ? [] : [k]))
      expect(flipped).toEqual(bounds.flatMap((bound) => (bound.kind === 'UNIT' ? bound.bits : [-1])))
    })
  })

  // One input x. Units x, 2x (a duplicate), -x (its negative), x - 5; then units of a second layer.
  const first = layerOf([1, 0], [2, 0], [-1, 0], [1, -5])
  const deeper = {
    'that reads the one that switches': [1, 0, 0, 0, 0],
    'that is its absolute value': [1, 0, 1, 0, 0],
    'that is cancelled to zero': [2, -1, 0, 0, 0],
    'that is dead on both sides, with a bias': [0, 0, 0, 0, -1],
    'that is above zero by a bias where it is dead': [1, 0, 0, 0, 1e-6],
  }
  const second = layerOf(...Object.values(deeper))
  const scores = layerOf([1, 1, 1, 1, 1, 0])
  const on = [1, 1, 0, 0, 1, 1, 0, 0, 1]
  const off = [0, 0, 1, 0, 0, 1, 0, 0, 1]

  it('has all units switched whose boundary it is: duplicates, negatives, deeper ones that do', async () => {
    const { bits, facets, codes } = await crossingsAt(netOf([first, second, scores]), Float64Array.of(2))
    expect(bits).toEqual(on)
    expect(facets.map(({ point }) => point[0]).sort()).toEqual([0, 5])
    expect(codes[facets.findIndex(({ point }) => point[0] === 0)]).toEqual(off)
  })

  it('has units switched on that are zero in all of the region', async () => {
    const { bits, facets, codes } = await crossingsAt(netOf([first, second, scores]), Float64Array.of(-2))
    expect(bits).toEqual(off)
    expect(facets.map(({ bounds }) => bounds.length)).toEqual([4])
    expect(codes).toEqual([on])
  })

  it('is none beyond a side of the box, where a unit switches too', async () => {
    const box = { lower: Float64Array.of(0), upper: Float64Array.of(3) }
    const { facets, codes } = await crossingsAt(netOf([first, second, scores]), Float64Array.of(2), box)
    expect(facets).toHaveLength(2)
    expect(codes).toEqual([null, null])
  })

  it('is none where there is no facet', async () => {
    const net = netOf([layerOf([0, 0, 1]), layerOf([1, 0])])
    expect(await crossingsAt(net, Float64Array.of(1, 1))).toMatchObject({ facets: [], codes: [] })
  })
})

describe('the codes across the facets of networks full of coincidences', () => {
  const small = (random: () => number, inputs: number, outputs: number) =>
    layerOf(
      ...Array.from({ length: outputs }, () => [
        ...Array.from({ length: inputs }, () => [-2, -1, 0, 0, 0, 0, 1, 2][Math.floor(8 * random())]),
        random() < 0.5 ? 0 : Math.floor(5 * random()) - 2,
      ]),
    )

  it.each([undefined, 0.25, -1])(
    'are those of points a little beyond (slope below zero %s)',
    async (leaky) => {
      const random = uniform(11)
      let several = 0
      let plain = 0
      for (let i = 0; i < 100; i++) {
        const net = netOf(
          [small(random, 2, 6), small(random, 6, 6), small(random, 6, 5), small(random, 5, 2)],
          leaky,
        )
        const x = Float64Array.from({ length: 2 }, () => 4 * random() - 2)
        const { bits, facets, codes } = await crossingsAt(net, x)
        facets.forEach((facet, k) => {
          const there = bitsAt(net, stepAcross(facet, 1e-7 * Math.min(1, facet.margin)))
          expect(codes[k]).toEqual(there)
          if (there.filter((bit, at) => bit !== bits[at]).length > 1) several++
          else plain++
        })
      }
      expect(Math.min(several, plain)).toBeGreaterThan(20)
    },
  )
})
