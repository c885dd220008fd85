import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { addNetwork, addPartition } from '../support/atlas.ts'
import { buildModel, node, uniform } from '../support/onnx.ts'
import { runJobs, useAtlas } from './support/atlas.ts'
import { labels, samples } from './support/reference.ts'

const random = uniform(5)
const draw = (length: number) => Array.from({ length }, () => Math.fround(4 * random() - 2))
const [w0, b0, w1, b1] = [draw(15), draw(5), draw(20), draw(4)]

/** Two tokens of 3 values: Gelu of 5 units, then Relu of 4, each at both. */
const net = buildModel({
  opset: 20,
  inputs: { x: ['N', 2, 3] },
  initializers: {
    w0: { shape: [3, 5], values: w0 },
    b0: { shape: [5], values: b0 },
    w1: { shape: [5, 4], values: w1 },
    b1: { shape: [4], values: b1 },
  },
  nodes: [
    node('MatMul', ['x', 'w0'], 'm0'),
    node('Add', ['m0', 'b0'], 'p0'),
    node('Gelu', ['p0'], 'g0'),
    node('MatMul', ['g0', 'w1'], 'm1'),
    node('Add', ['m1', 'b1'], 'p1'),
    node('Relu', ['p1'], 'scores'),
  ],
  outputs: ['scores'],
})

/** Pre-activations of the Gelu, in the order of its bits: position, then unit. */
const gelu = samples.map((sample) =>
  [0, 1].flatMap((token) =>
    b0.map((bias, unit) =>
      [0, 1, 2].reduce((sum, i) => sum + sample[3 * token + i] * w0[5 * i + unit], bias),
    ),
  ),
)
/** The confidence of a distance, from what a byte keeps of it: 4 bits of mantissa, cut off. */
const confidence = (z: number, sharpness: number) => {
  const exponent = Math.floor(Math.log2(Math.abs(z)))
  const step = 2 ** (exponent - 4)
  const kept = Math.floor(Math.abs(z) / step) * step
  return 1 / (1 + Math.exp(-sharpness * kept))
}

const atlas = useAtlas({ partitions: ['mlp-a/0@points'] })
const PATHS = ['soft/0..1@points', 'soft/0..0@points', 'soft/0..0@points~positions', 'soft/1..1@points']

beforeAll(async () => {
  await addNetwork(atlas.db, 'soft', net)
  for (const path of PATHS) await addPartition(atlas.db, path)
  await runJobs(atlas.db)
  await atlas.ask(`mutation { clusterRegions(input: { partition: "soft/0..1@points", minClusterSize: 2, minSamples: 1 })
    { job { id } } }`)
  await runJobs(atlas.db)
})

const softCode = z.object({
  bitCount: z.number(),
  bits: z.string(),
  confidences: z.array(z.number()),
  confidence: z.number(),
  sure: z.string(),
  sureBitCount: z.number(),
})

async function read(path: string, input: number, more: object = {}) {
  const query = `query ($path: ID!, $input: Int!, $position: Int = 0, $sharpness: Float = 1, $minConfidence: Float) {
    dataset(name: "points") { input(index: $input) { softCode(partition: $path, position: $position,
      sharpness: $sharpness, minConfidence: $minConfidence) {
        bitCount bits confidences confidence sure sureBitCount } } } }`
  const input_ = z.object({ softCode: softCode.nullable() })
  const answer = await atlas.ask(query, { path, input, ...more })
  return z.object({ dataset: z.object({ input: input_ }) }).parse(answer).dataset.input.softCode
}

describe('the soft code of an input', () => {
  it.each([
    [1, 0.9],
    [1.702, 0.75],
    [20, 0.999],
  ])('has the confidences of its pre-activations, η %d, sure from %d', async (sharpness, minConfidence) => {
    for (const input of [0, 1, 50, 119]) {
      const answer = await read('soft/0..1@points', input, { sharpness, minConfidence })
      const expected = gelu[input].map((z) => confidence(z, sharpness))
      expect(answer?.bitCount).toBe(18)
      expect(answer?.bits.slice(0, 10)).toBe(gelu[input].map((z) => Number(z > 0)).join(''))
      answer?.confidences.forEach((found, bit) => {
        expect(found).toBeCloseTo(bit < 10 ? expected[bit] : 1, 12)
      })
      expect(answer?.confidence).toBe(Math.min(...(answer?.confidences ?? [])))
      const sure = answer?.confidences.map((found) => Number(found >= minConfidence)).join('')
      expect(answer?.sure).toBe(sure)
      expect(answer?.sureBitCount).toBe([...(sure ?? '')].filter((bit) => bit === '1').length)
    }
  })

  it('is that of one position where positions are sites, and none where there is no such site', async () => {
    const answer = await read('soft/0..0@points~positions', 3, { position: 1 })
    answer?.confidences.forEach((found, bit) => {
      expect(found).toBeCloseTo(confidence(gelu[3][5 + bit], 1), 12)
    })
    expect(answer?.bitCount).toBe(5)
    expect(await read('soft/0..0@points~positions', 3, { position: 2 })).toBeNull()
  })

  it('is sure all over where gates are exact', async () => {
    expect(await read('mlp-a/0@points', 3)).toMatchObject({ confidence: 1, sureBitCount: 16 })
  })

  it.each([{ sharpness: 0 }, { sharpness: -1 }, { minConfidence: 0.4 }, { minConfidence: 1.1 }])(
    'is refused with %j',
    async (more) => {
      await expect(read('soft/0..0@points', 0, more)).rejects.toThrow('give a confidence from 0.5 to 1')
    },
  )
})

const shared = z.object({
  sharedCode: z.object({
    exact: z.boolean(),
    agreeingBitCount: z.number(),
    mask: z.string(),
    values: z.string(),
    perLayer: z.array(z.object({ agreeingBitCount: z.number() })),
  }),
})

async function readShared(selection: string, more = '') {
  const query = `{ sharedCode(partition: "soft/0..1@points", ${selection}${more}) {
    exact agreeingBitCount mask values perLayer { agreeingBitCount } } }`
  return shared.parse(await atlas.ask(query)).sharedCode
}

describe('the shared code of smooth gates', () => {
  const ids = (type: string, keys: readonly string[]) =>
    JSON.stringify(keys.map((key) => Buffer.from(`${type}:${key}`).toString('base64url')))
  const inputs = [4, 9, 17]
  const labelled = samples.flatMap((_, i) => (labels[i] === 1 ? [i] : []))

  it.each([
    [
      'inputs',
      `inputs: ${ids(
        'Input',
        inputs.map((i) => `1/${i}`),
      )}`,
      inputs,
    ],
    ['a label', 'label: 1', labelled],
  ])('of %s has the bits alone that are sure in all', async (_, selection, members) => {
    const all = await readShared(selection)
    expect(all.exact).toBe(false)
    const sure = await readShared(selection, ', minConfidence: 0.7, sharpness: 1.5')
    const isSure = [...all.mask].map(
      (_, bit) => bit >= 10 || members.every((member) => confidence(gelu[member][bit], 1.5) >= 0.7),
    )
    const kept = (bits: string) => [...bits].map((bit, i) => (isSure[i] ? bit : '0')).join('')
    expect(sure.mask).toBe(kept(all.mask))
    expect(sure.values).toBe(kept(all.values))
    expect(sure.agreeingBitCount).toBe([...sure.mask].filter((bit) => bit === '1').length)
    expect(sure.perLayer[1]).toEqual(all.perLayer[1])
  })

  it('of regions has the bits alone that are sure in all of their members', async () => {
    const query = `{ partition(path: "soft/0..1@points") { exact regions(first: 3, orderBy: MEMBER_COUNT_DESC) {
      nodes { id exact members(first: 500) { nodes { index } } } } } }`
    const nodes = z.array(
      z.object({
        id: z.string(),
        exact: z.literal(false),
        members: z.object({ nodes: z.array(z.object({ index: z.number() })) }),
      }),
    )
    const { partition } = z
      .object({ partition: z.object({ exact: z.literal(false), regions: z.object({ nodes }) }) })
      .parse(await atlas.ask(query))
    for (const { id, members } of partition.regions.nodes) {
      const { mask } = await readShared(`regions: ["${id}"]`, ', minConfidence: 0.6')
      const wanted = Array.from({ length: 18 }, (_, bit) =>
        Number(bit >= 10 || members.nodes.every(({ index }) => confidence(gelu[index][bit], 1) >= 0.6)),
      )
      expect(mask).toBe(wanted.join(''))
    }
  })

  it('of a cluster has the bits alone that are sure in all of its members', async () => {
    const cluster = 'soft/0..1@points/clusters:hamming:2:1/0'
    const query = `{ partition(path: "soft/0..1@points") { regions(first: 500, filter: { cluster: "${cluster}" }) {
      nodes { code { bits } members(first: 500) { nodes { index } } } } } }`
    const node = z.object({
      code: z.object({ bits: z.string() }),
      members: z.object({ nodes: z.array(z.object({ index: z.number() })) }),
    })
    const { nodes } = z
      .object({ partition: z.object({ regions: z.object({ nodes: z.array(node) }) }) })
      .parse(await atlas.ask(query)).partition.regions
    const members = nodes.flatMap((region) => region.members.nodes.map(({ index }) => index))
    const { mask } = await readShared(`cluster: "${cluster}"`, ', minConfidence: 0.6')
    const wanted = Array.from({ length: 18 }, (_, bit) => {
      const agrees = nodes.every(({ code }) => code.bits[bit] === nodes[0].code.bits[bit])
      const sure = bit >= 10 || members.every((index) => confidence(gelu[index][bit], 1) >= 0.6)
      return Number(agrees && sure)
    })
    expect(mask).toBe(wanted.join(''))
    expect(mask).toContain('1')
  })

  it('says exact where the span is', async () => {
    const query =
      '{ a: partition(path: "soft/1..1@points") { exact } b: partition(path: "mlp-a/0@points") { exact } }'
    expect(await atlas.ask(query)).toEqual({ a: { exact: true }, b: { exact: true } })
  })
})
