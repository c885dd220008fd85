import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { addDataset, addPartition } from '../support/atlas.ts'
import { forwardMlp, uniform } from '../support/onnx.ts'
import { runJobs, useAtlas } from './support/atlas.ts'
import { INPUT_COUNT } from './support/reference.ts'
import {
  addTraining,
  checkpoints,
  differences,
  names,
  steps,
  toldOf,
  UNITS,
  type Told,
} from './support/training.ts'

const atlas = useAtlas({ partitions: ['mlp-b/0..1@points'] })

beforeAll(() => addTraining(atlas, ['0..1', '1..1']))

const flips = z.object({ layer: z.number(), flips: z.number(), rate: z.number() })
const survival = z.object({
  regionCount: z.number(),
  survivingCount: z.number(),
  rate: z.number().nullable(),
})
const change = z.object({
  flips: z.number(),
  rate: z.number(),
  perLayer: z.array(flips),
  units: z.array(z.object({ layer: z.number(), unit: z.number(), flips: z.number() })),
  inputs: z.array(z.object({ input: z.object({ index: z.number() }), flips: z.number() })),
  regionSurvival: survival,
  larger: survival,
  none: survival,
  sharedCodeCount: z.number(),
  codeSurvival: z.number(),
  agreement: z.number(),
})
const training = z.object({
  series: z.object({
    training: z.object({
      bitCount: z.number(),
      steps: z.array(
        z.object({
          from: z.object({ step: z.number(), network: z.object({ name: z.string() }) }),
          to: z.object({ step: z.number(), network: z.object({ name: z.string() }) }),
          regionCount: z.number(),
          change,
          sinceFirst: change,
        }),
      ),
    }),
  }),
})

const TRAINING = `query ($dataset: String!, $from: Int, $to: Int, $units: Int, $inputs: Int, $least: Int) {
  series(name: "run") { training(dataset: $dataset, fromLayer: $from, toLayer: $to) { bitCount steps {
    from { step network { name } } to { step network { name } } regionCount change { ...C } sinceFirst { ...C } } } } }
  fragment C on CodeChange { flips rate perLayer { layer flips rate } units(first: $units) { layer unit flips }
    inputs(first: $inputs) { input { index } flips } regionSurvival { ...S }
    larger: regionSurvival(minMembers: $least) { ...S } none: regionSurvival(minMembers: 100000) { ...S }
    sharedCodeCount codeSurvival agreement }
  fragment S on RegionSurvival { regionCount survivingCount rate }`

async function trainingOf(variables: object) {
  const given = { dataset: 'points', units: 500, inputs: 500, least: 2, ...variables }
  return training.parse(await atlas.ask(TRAINING, given)).series.training
}

/** The change between two networks, by plain loops over what each makes of each input. */
function naiveChange(
  a: readonly Told[],
  b: readonly Told[],
  layers: readonly { index: number; units: number }[],
) {
  const places = layers.flatMap(({ index, units }) =>
    Array.from({ length: units }, (_, unit) => ({ layer: index, unit })),
  )
  const perInput = a.map(({ code }, i) => differences(code, b[i].code))
  const units = places.map((place, bit) => ({
    ...place,
    flips: perInput.filter((bits) => bits.includes(bit)).length,
  }))
  const total = units.reduce((sum, { flips }) => sum + flips, 0)
  const regionsOf = (side: readonly Told[]) => {
    const members = new Map<string, number[]>()
    side.forEach(({ code }, i) => members.set(code, [...(members.get(code) ?? []), i]))
    return members
  }
  const [before, after] = [regionsOf(a), regionsOf(b)]
  const later = new Set([...after.values()].map(String))
  const survivalOf = (least: number) => {
    const looked = [...before.values()].filter(({ length }) => length >= least)
    const left = looked.filter((members) => later.has(String(members))).length
    return {
      regionCount: looked.length,
      survivingCount: left,
      rate: looked.length === 0 ? null : expect.closeTo(left / looked.length, 12),
    }
  }
  const sharedCodeCount = [...before.keys()].filter((code) => after.has(code)).length
  return {
    flips: total,
    rate: expect.closeTo(total / (a.length * places.length), 12),
    perLayer: layers.map(({ index, units: count }) => {
      const ofLayer = units.filter(({ layer }) => layer === index).reduce((sum, { flips }) => sum + flips, 0)
      return { layer: index, flips: ofLayer, rate: expect.closeTo(ofLayer / (a.length * count), 12) }
    }),
    units: units
      .filter(({ flips }) => flips > 0)
      .sort((x, y) => y.flips - x.flips || x.layer - y.layer || x.unit - y.unit),
    inputs: perInput
      .map((bits, index) => ({ input: { index }, flips: bits.length }))
      .filter(({ flips }) => flips > 0)
      .sort((x, y) => y.flips - x.flips || x.input.index - y.input.index),
    regionSurvival: survivalOf(1),
    larger: survivalOf(2),
    none: { regionCount: 0, survivingCount: 0, rate: null },
    sharedCodeCount,
    codeSurvival: expect.closeTo(sharedCodeCount / before.size, 12),
    agreement: expect.closeTo(a.filter(({ label }, i) => label === b[i].label).length / a.length, 12),
  }
}

function naiveSteps(told: readonly Told[][], layers: readonly { index: number; units: number }[]) {
  const member = (i: number) => ({ step: steps[i], network: { name: names[i] } })
  return [1, 2].map((i) => ({
    from: member(i - 1),
    to: member(i),
    regionCount: new Set(told[i].map(({ code }) => code)).size,
    change: naiveChange(told[i - 1], told[i], layers),
    sinceFirst: naiveChange(told[0], told[i], layers),
  }))
}

describe('Series.training', () => {
  it.each([
    { span: '0..1', from: null, to: null, layers: [0, 1], keeps: true },
    { span: '1..1', from: 1, to: 1, layers: [1], keeps: false },
  ])(
    'of the layers $span is what plain loops over the codes find',
    async ({ span, from, to, layers, keeps }) => {
      const told = await Promise.all(names.map((name) => toldOf(atlas, name, span)))
      const spanned = layers.map((index) => ({ index, units: UNITS[index] }))
      const found = await trainingOf({ from, to })
      expect(found.bitCount).toBe(spanned.reduce((sum, { units }) => sum + units, 0))
      expect(found.steps).toEqual(naiveSteps(told, spanned))
      // The cases say something: some regions of two and more survive and some do not, and so do codes.
      const [{ change }, { sinceFirst }] = found.steps
      expect(change.larger.survivingCount > 0).toBe(keeps)
      expect(change.larger.survivingCount).toBeLessThan(change.larger.regionCount)
      expect(change.sharedCodeCount).toBeGreaterThan(0)
      expect(change.codeSurvival).toBeLessThan(1)
      expect(sinceFirst.agreement).toBeLessThan(1)
    },
  )

  it('goes over all chunks of a dataset', async () => {
    // 8,192 samples a chunk.
    const random = uniform(3)
    const inputs = Array.from({ length: 8_500 }, () => Array.from({ length: 6 }, () => Math.fround(random())))
    await addDataset(atlas.db, 'many', Float32Array.from(inputs.flat()), 6)
    for (const name of names) await addPartition(atlas.db, `${name}/0..1@many`)
    await runJobs(atlas.db)
    const told = Object.values(checkpoints).map((options) =>
      inputs.map((sample) => {
        const { preActivations, scores } = forwardMlp(options, sample)
        const code = preActivations.flat().map((value) => (value > 0 ? '1' : '0'))
        return { code: code.join(''), label: scores.indexOf(Math.max(...scores)), scores }
      }),
    )
    const layers = UNITS.map((units, index) => ({ index, units }))
    const expected = naiveSteps(told, layers)
    const found = await trainingOf({ dataset: 'many' })
    for (const [i, step] of found.steps.entries()) {
      const { change } = expected[i]
      const sinceFirst = expected[i].sinceFirst
      expect(step).toEqual({
        ...expected[i],
        change: { ...change, inputs: change.inputs.slice(0, 500) },
        sinceFirst: { ...sinceFirst, inputs: sinceFirst.inputs.slice(0, 500) },
      })
    }
    expect(found.steps[1].change.inputs).toHaveLength(500)
  })

  it('shows as many units and inputs as asked for', async () => {
    const all = await trainingOf({})
    const some = await trainingOf({ units: 3, inputs: 4 })
    expect(some.steps[0].change.units).toEqual(all.steps[0].change.units.slice(0, 3))
    expect(some.steps[1].sinceFirst.inputs).toEqual(all.steps[1].sinceFirst.inputs.slice(0, 4))
    expect(await atlas.codeOf(TRAINING, { dataset: 'points', inputs: 501 })).toBe('TOO_MANY_REQUESTED')
    expect(await atlas.codeOf(TRAINING, { dataset: 'points', units: -1 })).toBe('BAD_FIRST')
    expect(await atlas.codeOf(TRAINING, { dataset: 'points', least: 0 })).toBe('BAD_ARGUMENT')
  })

  it('answers one step by its index', async () => {
    const { steps } = await trainingOf({})
    const step = (index: number) => `step(index: ${index}) { to { step } change { flips } }`
    const answer = await atlas.ask(`{ series(name: "run") { training(dataset: "points") {
      before: ${step(-1)} first: ${step(0)} last: ${step(steps.length - 1)} behind: ${step(steps.length)} } } }`)
    const one = ({ to, change }: (typeof steps)[number]) => ({
      to: { step: to.step },
      change: { flips: change.flips },
    })
    expect(answer).toEqual({
      series: {
        training: { before: null, first: one(steps[0]), last: one(steps[steps.length - 1]), behind: null },
      },
    })
  })

  it('says UNKNOWN_DATASET and BAD_SPAN', async () => {
    expect(await atlas.codeOf(TRAINING, { dataset: 'none' })).toBe('UNKNOWN_DATASET')
    for (const [from, to] of [
      [0, 2],
      [-1, 1],
      [1, 0],
    ])
      // prettier-ignore
      expect(await atlas.codeOf(TRAINING, { dataset: 'points', from, to })).toBe('BAD_SPAN')
  })

  it('names the networks without codes, and tells what to do', async () => {
    const members = [
      { network: 'mlp-b', step: 0 },
      { network: 'half', step: 1 },
    ]
    await atlas.ask(
      'mutation ($members: [SeriesMemberInput!]!) { createSeries(input: { name: "bare", members: $members }) { series { id } } }',
      { members },
    )
    await addDataset(atlas.db, 'few', new Float32Array(12), 6)
    await addPartition(atlas.db, 'mlp-b/0..0@few')
    await runJobs(atlas.db)
    const query = '{ series(name: "bare") { training(dataset: "few", toLayer: 0) { bitCount } } }'
    expect(await atlas.errorsOf(query)).toEqual([
      {
        code: 'NOT_COMPUTED',
        message:
          'The codes of "few" in layers 0..0 are not stored for "half": call createPartition with these layers for ' +
          'each of them, and ask again when its job has succeeded.',
        path: ['series', 'training'],
      },
    ])
  })

  it('refuses what would not fit in memory', async () => {
    // One more than 2^27 inputs of 4 bytes.
    const change = (count: number) =>
      atlas.db.prisma.dataset.update({ where: { name: 'points' }, data: { inputCount: count } })
    await change(2 ** 27 + 1)
    expect(await atlas.codeOf(TRAINING, { dataset: 'points' })).toBe('TOO_LARGE')
    await change(INPUT_COUNT)
  })
})
