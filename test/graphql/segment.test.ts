import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { forwardMlp } from '../support/onnx.ts'
import { Waiting } from '#atlas/src/store/waiting.js'
import { useAtlas } from './support/atlas.ts'
import { mlps, samples } from './support/reference.ts'

const atlas = useAtlas({ partitions: [] })

const FIELDS = `length regionCount endpointHammingDistance boundaryDensity endpointDensity
  crossings { t layer unit position turnsOn } predictions { from to label }`

const segment = z.object({
  length: z.number(),
  regionCount: z.number(),
  endpointHammingDistance: z.number(),
  boundaryDensity: z.number(),
  endpointDensity: z.number(),
  crossings: z.array(
    z.object({
      t: z.number(),
      layer: z.number(),
      unit: z.number(),
      position: z.number(),
      turnsOn: z.boolean(),
    }),
  ),
  predictions: z.array(z.object({ from: z.number(), to: z.number(), label: z.number() })),
})

const QUERY = `query ($network: String!, $from: PointInput!, $to: PointInput!, $fromLayer: Int, $toLayer: Int) {
  segment(network: $network, from: $from, to: $to, fromLayer: $fromLayer, toLayer: $toLayer) { ${FIELDS} } }`

async function walk(variables: Record<string, unknown>) {
  const answer = await atlas.ask(QUERY, { network: 'mlp-a', ...variables })
  return z.object({ segment }).parse(answer).segment
}

/** Bits of a layer of mlp-a at a place between two samples. */
function bitsAt(a: number, b: number, t: number, layer: number): boolean[] {
  const x = samples[a].map((value, i) => value + t * (samples[b][i] - value))
  return forwardMlp(mlps['mlp-a'], x).preActivations[layer].map((value) => value > 0)
}

describe('a segment between two inputs', () => {
  it('has the crossings that a forward pass shows, and their densities', async () => {
    const found = await walk({ from: { input: 'points/3' }, to: { input: 'points/8' } })
    const { crossings, regionCount, endpointHammingDistance, length } = found
    expect(crossings.length).toBeGreaterThan(3)
    expect(length).toBeCloseTo(Math.hypot(...samples[3].map((value, i) => value - samples[8][i])), 6)
    expect(regionCount).toBe(crossings.length + 1)
    expect(found.boundaryDensity).toBeCloseTo((regionCount - 1) / length, 12)
    expect(found.endpointDensity).toBeCloseTo(endpointHammingDistance / length, 12)
    for (const { t, layer, unit, turnsOn } of crossings) {
      expect(bitsAt(3, 8, t - 1e-6, layer)[unit]).toBe(!turnsOn)
      expect(bitsAt(3, 8, t + 1e-6, layer)[unit]).toBe(turnsOn)
    }
  })

  it('has a profile of equal parts', async () => {
    const ask = (bins: number) =>
      `{ segment(network: "mlp-a", from: { input: "points/3" }, to: { input: "points/8" }) { regionCount crossings { t }
        profile(bins: ${bins}) { from to boundaries } } }`
    const { segment: found } = z
      .object({
        segment: z.object({
          regionCount: z.number(),
          crossings: z.array(z.object({ t: z.number() })),
          profile: z.array(z.object({ from: z.number(), to: z.number(), boundaries: z.number() })),
        }),
      })
      .parse(await atlas.ask(ask(4)))
    expect(found.profile).toHaveLength(4)
    for (const { from, to, boundaries } of found.profile)
      expect(found.crossings.filter(({ t }) => t >= from && t < to)).toHaveLength(boundaries)
    for (const bins of [0, 1001]) expect(await atlas.codeOf(ask(bins))).toBe('BAD_ARGUMENT')
  })

  it('has the outputs that a forward pass has, straight between the places where they bend', async () => {
    const ask = (args: string) =>
      `{ segment(network: "mlp-a", from: { input: "points/3" }, to: { input: "points/8" }) {
        crossings { t } outputs${args} { t scores } } }`
    const answer = z.object({
      segment: z.object({
        crossings: z.array(z.object({ t: z.number() })),
        outputs: z.array(z.object({ t: z.number(), scores: z.array(z.number()) })),
      }),
    })
    const { outputs, crossings } = answer.parse(await atlas.ask(ask(''))).segment
    expect(outputs.map(({ t }) => t)).toEqual([0, ...crossings.map(({ t }) => t), 1])
    const scoresAt = (t: number) =>
      forwardMlp(
        mlps['mlp-a'],
        samples[3].map((value, i) => value + t * (samples[8][i] - value)),
      ).scores
    for (let i = 0; i + 1 < outputs.length; i++) {
      const [a, b] = [outputs[i], outputs[i + 1]]
      for (const share of [0, 0.3, 0.9]) {
        const expected = scoresAt(a.t + share * (b.t - a.t))
        expected.forEach((score, k) =>
          expect(a.scores[k] + share * (b.scores[k] - a.scores[k])).toBeCloseTo(score, 5),
        )
      }
    }
    const some = answer.parse(await atlas.ask(ask('(indices: [2, 0])'))).segment.outputs
    expect(some.map(({ scores }) => scores)).toEqual(outputs.map(({ scores }) => [scores[2], scores[0]]))
    for (const index of [-1, 99])
      expect(await atlas.codeOf(ask(`(indices: [${index}])`))).toBe('BAD_ARGUMENT')
  })

  it('is the same by id, by path and by values', async () => {
    const ids = z.object({ a: z.object({ id: z.string() }), b: z.object({ id: z.string() }) })
    const { a, b } = ids.parse(
      await atlas.ask('{ a: entity(path: "points/3") { id } b: entity(path: "points/8") { id } }'),
    )
    const byPath = await walk({ from: { input: 'points/3' }, to: { input: 'points/8' } })
    expect(await walk({ from: { input: a.id }, to: { input: b.id } })).toEqual(byPath)
    expect(await walk({ from: { values: samples[3] }, to: { input: b.id } })).toEqual(byPath)
  })

  it('counts the layers of its span alone', async () => {
    const ends = { from: { input: 'points/3' }, to: { input: 'points/8' } }
    const whole = await walk(ends)
    const first = await walk({ ...ends, toLayer: 0 })
    expect(first.crossings).toEqual(whole.crossings.filter(({ layer }) => layer === 0))
    const later = await walk({ ...ends, fromLayer: 1 })
    expect(later.crossings.every(({ layer }) => layer === 1)).toBe(true)
    expect(later.length).not.toBeCloseTo(whole.length, 3)
  })

  it('from a later layer on takes activations as values', async () => {
    const hidden = [3, 8].map((i) =>
      forwardMlp(mlps['mlp-a'], samples[i]).preActivations[0].map((value) => Math.max(0, value)),
    )
    const byValues = await walk({ fromLayer: 1, from: { values: hidden[0] }, to: { values: hidden[1] } })
    const byInput = await walk({ fromLayer: 1, from: { input: 'points/3' }, to: { input: 'points/8' } })
    expect(byValues.length).toBeCloseTo(byInput.length, 9)
    expect(byValues.crossings.map(({ layer, unit }) => [layer, unit])).toEqual(
      byInput.crossings.map(({ layer, unit }) => [layer, unit]),
    )
  })

  it('of one point is one region', async () => {
    const point = { input: 'points/3' }
    expect(await walk({ from: point, to: point })).toMatchObject({
      length: 0,
      regionCount: 1,
      boundaryDensity: 0,
      endpointDensity: 0,
      crossings: [],
    })
  })
})

describe('a segment that cannot be', () => {
  const from = { input: 'points/3' }
  it.each([
    ['UNKNOWN_NETWORK', { network: 'nobody', from, to: from }],
    ['BAD_ARGUMENT', { from: {}, to: from }],
    ['BAD_ARGUMENT', { from: { input: 'points/3', values: [1] }, to: from }],
    ['UNKNOWN_INPUT', { from: { input: 'points/99999' }, to: from }],
    ['UNKNOWN_INPUT', { from: { input: 'nowhere/1' }, to: from }],
    ['UNKNOWN_INPUT', { from: { input: 'points/1..2@points' }, to: from }],
    ['BAD_ID', { from: { input: 'nonsense' }, to: from }],
    ['WRONG_INPUT_SIZE', { from: { values: [1, 2] }, to: from }],
    ['WRONG_INPUT_SIZE', { from: { values: [1, 2] }, to: from, fromLayer: 1 }],
    ['BAD_SPAN', { from, to: from, fromLayer: 2 }],
    ['BAD_SPAN', { from, to: from, toLayer: 7 }],
    ['BAD_SPAN', { from, to: from, fromLayer: 1, toLayer: 0 }],
  ])('says %s', async (code, variables) => {
    expect(await atlas.codeOf(QUERY, { network: 'mlp-a', ...variables })).toBe(code)
  })
})

it('ends with its request', async () => {
  const gone = new Waiting()
  gone.end(new Error('The client has gone.'))
  const { graphql } = await import('graphql')
  const { schema } = await import('./support/atlas.ts')
  const { errors = [] } = await graphql({
    schema,
    source: `{ segment(network: "mlp-a", from: { input: "points/3" }, to: { input: "points/8" }) { length } }`,
    contextValue: atlas.contexts.create({ waiting: gone }),
  })
  expect(errors.map(({ message }) => message)).toEqual(['The client has gone.'])
})
