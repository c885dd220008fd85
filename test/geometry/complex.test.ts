import { describe, expect, it } from 'vitest'
import { inradiusByHighs } from '../support/depths.ts'
import { gateNets } from '../support/gateNets.ts'
import { cube, explore, type FoundRegion } from '../support/explore.ts'
import {
  buildMlp,
  forwardMlp,
  mlpWeights,
  uniform,
  type AffineLayer,
  type MlpOptions,
} from '../support/onnx.ts'

/** Balls smaller than this, by HiGHS, are none. */
const INSIDE = 1e-9

interface HalfSpace {
  normal: number[]
  offset: number
}

/**
 * All codes that some ball in the box has, by HiGHS: the bits of one unit after the other, without going on from a
 * pattern that no ball has.
 */
function codesByHighs(net: MlpOptions, dimension: number, half: number): string[] {
  const layers = mlpWeights(net).slice(0, -1)
  const sides = Array.from({ length: dimension }, (_, axis) =>
    [1, -1].map((sign) => ({
      normal: Array.from({ length: dimension }, (_, j) => (j === axis ? sign : 0)),
      offset: half,
    })),
  ).flat()
  const identity = Array.from({ length: dimension }, (_, i) =>
    Array.from({ length: dimension + 1 }, (_, j) => Number(i === j)),
  )
  return layers
    .reduce(
      (patterns, layer) => patterns.flatMap((pattern) => extend(pattern, layer, net.leaky ?? 0, dimension)),
      [{ code: '', rows: sides, outputs: identity }],
    )
    .map(({ code }) => code)
}

interface Pattern {
  code: string
  rows: HalfSpace[]
  /** What the next layer reads: coefficients of the point, then the constant. */
  outputs: number[][]
}

function extend(
  { code, rows, outputs }: Pattern,
  layer: AffineLayer,
  leaky: number,
  dimension: number,
): Pattern[] {
  let patterns: Pattern[] = [{ code, rows, outputs: [] }]
  for (let unit = 0; unit < layer.outputs; unit++) {
    const pre = Array.from({ length: dimension + 1 }, (_, j) =>
      outputs.reduce(
        (sum, output, i) => sum + layer.weights[i * layer.outputs + unit] * output[j],
        j === dimension ? layer.bias[unit] : 0,
      ),
    )
    const normal = pre.slice(0, dimension)
    const length = Math.hypot(...normal)
    patterns = patterns.flatMap((pattern) =>
      [0, 1].flatMap((bit) => {
        const output = pre.map((value) => (bit === 1 ? value : leaky * value))
        const next = { code: pattern.code + bit, outputs: [...pattern.outputs, output] }
        if (length < 1e-12) return pre[dimension] > 0 === (bit === 1) ? [{ ...next, rows: pattern.rows }] : []
        const sign = (bit === 1 ? -1 : 1) / length
        const row = { normal: normal.map((value) => sign * value), offset: -sign * pre[dimension] }
        const all = [...pattern.rows, row]
        return hasInside(all, dimension) ? [{ ...next, rows: all }] : []
      }),
    )
  }
  return patterns
}

function hasInside(rows: readonly HalfSpace[], dimension: number): boolean {
  const radius = inradiusByHighs({
    rows: rows.length,
    dimension,
    normals: Float64Array.from(rows.flatMap(({ normal }) => normal)),
    offsets: Float64Array.from(rows, ({ offset }) => offset),
  })
  return radius > INSIDE
}

/** Σ C(n, i) for i ≤ d: regions of n hyperplanes in general position in R^d. */
function arrangementSize(n: number, d: number): number {
  let sum = 0
  for (let i = 0, choose = 1; i <= d; choose = (choose * (n - i)) / (i + 1), i++) sum += choose
  return sum
}

const codesOf = (regions: readonly FoundRegion[]) => regions.map(({ code }) => code).sort()

/** Neighbours know each other, across the same unit, and differ in it. */
function expectSymmetric(regions: readonly FoundRegion[]): void {
  regions.forEach(({ facets }, number) => {
    for (const { bit, neighbor } of facets) {
      expect(
        regions[neighbor].facets.filter((back) => back.neighbor === number).map((back) => back.bit),
      ).toEqual([bit])
      expect(regions[neighbor].code[bit]).not.toBe(regions[number].code[bit])
    }
  })
}

describe('all regions of hyperplanes in general position', () => {
  it.each([
    [1, 9],
    [2, 9],
    [3, 9],
    [4, 8],
    [5, 8],
  ])('in %i dimensions, %i of them, are as many as the closed form says', async (d, n) => {
    // Directions and offsets on one scale: all vertices lie within a box that is large against it.
    const net: MlpOptions = { sizes: [d, n, 2], seed: 30 + d }
    const regions = await explore(buildMlp(net), 0, cube(d, 1e4))
    expect(regions.length).toBe(arrangementSize(n, d))
    expectSymmetric(regions)
    const degree = regions.reduce((sum, { facets }) => sum + facets.length, 0) / regions.length
    expect(degree).toBeLessThanOrEqual(2 * d)
    expect(regions.every(({ complete }) => complete)).toBe(true)
  })
})

describe('all regions of deep networks', () => {
  const nets: [string, MlpOptions, number][] = [
    ['14 units in 2 dimensions', { sizes: [2, 8, 6, 2], seed: 3 }, 2],
    ['14 units in three layers, 3 dimensions', { sizes: [3, 6, 4, 4, 2], seed: 5 }, 2],
    ['12 leaky units in 3 dimensions', { sizes: [3, 6, 6, 2], seed: 6, leaky: 0.2 }, 2],
    ['11 units in 4 dimensions', { sizes: [4, 6, 5, 2], seed: 7 }, 1.5],
  ]

  it.each(nets)('%s are those sign patterns that HiGHS finds feasible', async (_, net, half) => {
    const dimension = net.sizes[0]
    const regions = await explore(buildMlp(net), net.sizes.length - 3, cube(dimension, half))
    expect(codesOf(regions)).toEqual(codesByHighs(net, dimension, half).sort())
    expect(regions.length).toBeGreaterThan(30)
    expectSymmetric(regions)
  })

  it('carry the map and a ball inside', async () => {
    const net: MlpOptions = { sizes: [3, 8, 7, 2], seed: 11 }
    const regions = await explore(buildMlp(net), 1, cube(3, 1))
    const random = uniform(5)
    for (const { code, center, inradius, map, facets } of regions) {
      for (let sample = 0; sample < 20; sample++) {
        const direction = center.map(() => random() - 0.5)
        const scale = (random() * inradius) / Math.hypot(...direction)
        const point = center.map((value, j) => value + scale * direction[j])
        const { preActivations, scores } = forwardMlp(net, point)
        expect(
          preActivations
            .flat()
            .map((value) => Number(value > 0))
            .join(''),
        ).toBe(code)
        scores.forEach((score, row) => {
          const image = point.reduce((sum, value, j) => sum + map[4 * row + j] * value, map[4 * row + 3])
          expect(Math.abs(image - score)).toBeLessThanOrEqual(1e-9 * (1 + Math.abs(score)))
        })
      }
      for (const { distance } of facets) expect(distance).toBeGreaterThanOrEqual(inradius * (1 - 1e-9))
    }
  })

  it('have the same numbers when the search stops and goes on', async () => {
    const bytes = buildMlp({ sizes: [3, 10, 8, 2], seed: 12 })
    const whole = await explore(bytes, 1, cube(3, 1))
    const parts = await explore(bytes, 1, cube(3, 1), [1, 40, 41, Infinity])
    expect(whole.length).toBeGreaterThan(100)
    expect(parts).toEqual(whole)
  })
})

describe('all regions of networks with gates of several pieces', () => {
  const { ThresholdedRelu: jumping, ...continuous } = gateNets

  it.each(Object.entries(continuous))('%s, are those that samples see', async (_, make) => {
    const net = make(2, 21)
    const regions = await explore(net.model, undefined, cube(2, 1.5))
    const codeAt = (point: readonly number[]) => net.forward(point).bits.join('')
    for (const { code, center, complete, inradius } of regions) {
      expect(complete).toBe(true)
      if (inradius > 1e-9) expect(codeAt(center)).toBe(code)
    }
    const codes = new Set(codesOf(regions))
    expect(codes.size).toBe(regions.length)
    expect(codes.size).toBeGreaterThan(5)
    const random = uniform(8)
    const samples = Array.from({ length: 4000 }, () => [3 * random() - 1.5, 3 * random() - 1.5])
    expect(samples.map(codeAt).filter((code) => !codes.has(code))).toEqual([])
    regions.forEach(({ facets }, number) => {
      for (const { neighbor } of facets)
        expect(regions[neighbor].facets.map((back) => back.neighbor)).toContain(number)
    })
  })

  it('are refused where a gate inside jumps', async () => {
    const explored = explore(jumping(2, 21).model, undefined, cube(2, 1.5))
    await expect(explored).rejects.toMatchObject({ code: 'NOT_CONTINUOUS' })
  })
})

describe('degenerate networks', () => {
  /** Two layers, the first with equal, opposite and dead units, the second with a unit that reads only dead ones. */
  const first: AffineLayer = {
    inputs: 2,
    outputs: 6,
    weights: [1, 1, -1, 0, 0.5, 0, 0.5, 0.5, -0.5, 0, -1, 0],
    bias: [0.1, 0.1, -0.1, -1, 0.2, 1],
  }
  const second: AffineLayer = { inputs: 6, outputs: 3, weights: [], bias: [0, -0.05, 0] }
  const random = uniform(17)
  second.weights = Array.from({ length: 18 }, (_, at) =>
    at % 3 === 2 ? (at < 15 && at >= 9 ? 1 : 0) : random() - 0.5,
  )
  const last: AffineLayer = { inputs: 3, outputs: 1, weights: [1, 1, 1], bias: [0] }

  it('with equal, opposite and dead units have every region that samples see', async () => {
    const net: MlpOptions = { sizes: [2, 6, 3, 1], weights: [first, second, last] }
    await expectSamplesFound(net, 1)
  })

  it('without bias, whose boundaries all meet in the middle of the box, too', async () => {
    const weights = mlpWeights({ sizes: [2, 5, 4, 1], seed: 9 }).map((layer) => ({
      ...layer,
      bias: layer.bias.map(() => 0),
    }))
    await expectSamplesFound({ sizes: [2, 5, 4, 1], weights }, 1)
  })

  async function expectSamplesFound(net: MlpOptions, half: number): Promise<void> {
    const regions = await explore(buildMlp(net), net.sizes.length - 3, cube(2, half))
    // Beside a unit that is 0 to rounding the sign at a point means nothing.
    const codeAt = (point: readonly number[]) =>
      forwardMlp(net, point)
        .preActivations.flat()
        .map((value) => Number(value > 1e-12))
        .join('')
    for (const { code, center } of regions) expect(codeAt(center)).toBe(code)
    const codes = new Set(codesOf(regions))
    expect(codes.size).toBe(regions.length)
    const samples = Array.from({ length: 4000 }, () => [half * (2 * random() - 1), half * (2 * random() - 1)])
    expect(samples.map(codeAt).filter((code) => !codes.has(code))).toEqual([])
  }
})
