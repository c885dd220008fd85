import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { affine, forwardMlp, mlpWeights } from '../support/onnx.ts'
import { useAtlas } from './support/atlas.ts'
import { mlps, samples } from './support/reference.ts'

const atlas = useAtlas({ partitions: [] })

const crossing = z.object({
  alpha: z.number(),
  layer: z.number(),
  unit: z.number(),
  position: z.number(),
  bit: z.number(),
  turnsOn: z.boolean(),
  bitsFromBase: z.number(),
})
const sweepSchema = z.object({
  base: z.number(),
  from: z.number(),
  to: z.number(),
  unitLength: z.number(),
  regionCount: z.number(),
  boundaryDensity: z.number(),
  stays: z.object({
    from: z.number().nullable(),
    to: z.number().nullable(),
    below: z.array(crossing),
    above: z.array(crossing),
  }),
  crossings: z.array(crossing),
  predictions: z.array(z.object({ from: z.number(), to: z.number(), label: z.number() })),
})

const CROSSING = 'alpha layer unit position bit turnsOn bitsFromBase'
const QUERY = `query ($network: String!, $at: PointInput!, $along: DirectionInput!, $from: Float!, $to: Float!,
    $fromLayer: Int, $toLayer: Int) {
  sweep(network: $network, at: $at, along: $along, from: $from, to: $to, fromLayer: $fromLayer, toLayer: $toLayer) {
    base from to unitLength regionCount boundaryDensity predictions { from to label }
    stays { from to below { ${CROSSING} } above { ${CROSSING} } } crossings { ${CROSSING} } } }`

async function sweep(variables: Record<string, unknown>) {
  const answer = await atlas.ask(QUERY, { network: 'mlp-a', ...variables })
  return z.object({ sweep: sweepSchema }).parse(answer).sweep
}

const ALONG = { at: { input: 'points/3' }, from: -2, to: 3 }
const [x, y] = [samples[3], samples[8]]

/** All bits, and the scores, by a forward pass. */
function passAt(point: readonly number[]) {
  const { preActivations, scores } = forwardMlp(mlps['mlp-a'], point)
  return { bits: preActivations.map((layer) => layer.map((value) => value > 0)), scores }
}

/** Bits and scores of layer 1 from activations of layer 0. */
function passAfter(hidden: readonly number[]) {
  const [, second, last] = mlpWeights(mlps['mlp-a'])
  const pre = affine(second, hidden)
  const bits = pre.map((value) => value > 0)
  return {
    bits: [[], bits],
    scores: affine(
      last,
      pre.map((value) => Math.max(0, value)),
    ),
  }
}

const hidden = forwardMlp(mlps['mlp-a'], x).preActivations[0].map((value) => Math.max(0, value))

const differing = (a: boolean[][], b: boolean[][]) =>
  a.flat().reduce((sum, bit, i) => sum + Number(bit !== b.flat()[i]), 0)

describe.each([
  {
    name: 'scaling an input',
    variables: { ...ALONG, along: { scale: true } },
    at: (alpha: number) => passAt(x.map((value) => alpha * value)),
    length: Math.hypot(...x),
    base: 1,
  },
  {
    name: 'one coordinate',
    variables: { ...ALONG, along: { coordinate: 2 } },
    at: (alpha: number) => passAt(x.map((value, i) => value + (i === 2 ? alpha : 0))),
    length: 1,
    base: 0,
  },
  {
    name: 'another input',
    variables: { ...ALONG, along: { towards: { input: 'points/8' } } },
    at: (alpha: number) => passAt(x.map((value, i) => value + alpha * (y[i] - value))),
    length: Math.hypot(...x.map((value, i) => y[i] - value)),
    base: 0,
  },
  {
    name: 'given values',
    variables: { ...ALONG, along: { values: [1, -1, 0.5, 0, 0.25, 2] } },
    at: (alpha: number) => passAt(x.map((value, i) => value + alpha * [1, -1, 0.5, 0, 0.25, 2][i])),
    length: Math.hypot(1, 1, 0.5, 0.25, 2),
    base: 0,
  },
  {
    name: 'scaling the activations of a later layer',
    variables: { ...ALONG, along: { scale: true }, fromLayer: 1 },
    at: (alpha: number) => passAfter(hidden.map((value) => alpha * value)),
    length: Math.hypot(...hidden),
    base: 1,
  },
  {
    name: 'a unit of a later layer',
    variables: { ...ALONG, along: { coordinate: 5 }, fromLayer: 1, to: 20 },
    at: (alpha: number) => passAfter(hidden.map((value, i) => value + (i === 5 ? alpha : 0))),
    length: 1,
    base: 0,
  },
])('a sweep along $name', ({ variables, at, length, base }) => {
  it('has the crossings and predictions that forward passes show', async () => {
    const found = await sweep(variables)
    const { from, to } = variables
    expect(found).toMatchObject({ base, from, to, unitLength: expect.closeTo(length, 6) as number })
    const own = at(base).bits
    expect(found.crossings.length).toBeGreaterThan(0)
    expect(found.regionCount).toBe(1 + new Set(found.crossings.map(({ alpha }) => alpha)).size)
    expect(found.boundaryDensity).toBeCloseTo((found.regionCount - 1) / (found.unitLength * (to - from)), 12)
    for (const { alpha, layer, unit, turnsOn, bitsFromBase } of found.crossings) {
      expect(at(alpha - 1e-6).bits[layer][unit]).toBe(!turnsOn)
      expect(at(alpha + 1e-6).bits[layer][unit]).toBe(turnsOn)
      const beyond = alpha > base ? alpha + 1e-6 : alpha - 1e-6
      expect(bitsFromBase).toBe(differing(at(beyond).bits, own))
    }
    // None is missing: between two of them nothing changes.
    const places = [from, ...found.crossings.map(({ alpha }) => alpha), to]
    places.slice(1).forEach((place, i) => {
      if (place - places[i] < 1e-5) return
      expect(at(places[i] + 2e-6).bits).toEqual(at(place - 2e-6).bits)
    })
    for (const { from, to, label } of found.predictions) {
      const { scores } = at((from + to) / 2)
      expect(scores.indexOf(Math.max(...scores))).toBe(label)
    }
    expect([found.predictions[0].from, found.predictions.at(-1)?.to]).toEqual([from, to])
  })

  it('says up to where the code stays, and what changes there', async () => {
    const { stays, crossings } = await sweep(variables)
    const lower = crossings.filter(({ alpha }) => alpha < base)
    const upper = crossings.filter(({ alpha }) => alpha > base)
    expect(stays.from).toBe(lower.at(-1)?.alpha ?? null)
    expect(stays.to).toBe(upper.at(0)?.alpha ?? null)
    expect(stays.below).toEqual(lower.filter(({ alpha }) => alpha === stays.from))
    expect(stays.above).toEqual(upper.filter(({ alpha }) => alpha === stays.to))
  })
})

describe('a sweep', () => {
  it('in a random direction is the same for the same seed, of length 1, and another for another', async () => {
    const [a, b, c] = await Promise.all([1, 1, 2].map((random) => sweep({ ...ALONG, along: { random } })))
    expect(a).toEqual(b)
    expect(a.unitLength).toBeCloseTo(1, 12)
    expect(c.crossings).not.toEqual(a.crossings)
  })

  it('that meets nothing stays to its ends', async () => {
    const found = await sweep({ ...ALONG, along: { coordinate: 0 }, from: -1e-9, to: 1e-9 })
    expect(found).toMatchObject({ regionCount: 1, boundaryDensity: 0, crossings: [] })
    expect(found.stays).toEqual({ from: null, to: null, below: [], above: [] })
  })

  it.each([
    ['UNKNOWN_NETWORK', { ...ALONG, network: 'nobody', along: { scale: true } }],
    ['UNKNOWN_INPUT', { ...ALONG, at: { input: 'points/99999' }, along: { scale: true } }],
    ['BAD_ARGUMENT', { ...ALONG, at: {}, along: { scale: true } }],
    ['BAD_ARGUMENT', { ...ALONG, along: {} }],
    ['BAD_ARGUMENT', { ...ALONG, along: { scale: true, coordinate: 1 } }],
    ['BAD_ARGUMENT', { ...ALONG, along: { coordinate: 6 } }],
    ['BAD_ARGUMENT', { ...ALONG, along: { coordinate: -1 } }],
    ['BAD_ARGUMENT', { ...ALONG, along: { values: [0, 0, 0, 0, 0, 0] } }],
    ['BAD_ARGUMENT', { ...ALONG, along: { towards: { input: 'points/3' } } }],
    ['BAD_ARGUMENT', { ...ALONG, along: { scale: true }, to: 0.5 }],
    ['BAD_ARGUMENT', { ...ALONG, along: { coordinate: 1 }, from: 1, to: 3 }],
    ['BAD_ARGUMENT', { ...ALONG, along: { coordinate: 1 }, from: 0, to: 0 }],
    ['WRONG_INPUT_SIZE', { ...ALONG, along: { values: [1] } }],
    ['BAD_SPAN', { ...ALONG, along: { scale: true }, fromLayer: 2 }],
  ])('says %s', async (code, variables) => {
    expect(await atlas.codeOf(QUERY, { network: 'mlp-a', ...variables })).toBe(code)
  })
})
