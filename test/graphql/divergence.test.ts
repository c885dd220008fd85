import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { addDataset, addPartition } from '../support/atlas.ts'
import { forwardMlp } from '../support/onnx.ts'
import { runJobs, useAtlas } from './support/atlas.ts'
import { layerBits, mlps, samples, spanBits, tokenBits } from './support/reference.ts'

const atlas = useAtlas({ partitions: ['mlp-a/0..1@points', 'mlp-b/1@points', 'tokens/0@points~positions'] })

const QUERY = `query ($network: String!, $a: ID!, $b: ID!) { divergence(network: $network, a: $a, b: $b) {
  network { name } a { path } b { path } firstLayer { index }
  layers { layer { path } bitCount differingBitCount } predictionA { label } predictionB { label } } }`

const answerSchema = z.object({
  divergence: z.object({ firstLayer: z.object({ index: z.number() }).nullable() }),
})

const differing = (a: readonly boolean[], b: readonly boolean[]) => a.filter((bit, i) => bit !== b[i]).length

function labelOf(input: number): number {
  const { scores } = forwardMlp(mlps['mlp-a'], samples[input])
  return scores.indexOf(Math.max(...scores))
}

/** The answer by mlp-a, from forward passes. */
function expected(a: number, b: number) {
  const layers = [0, 1].map((layer) => {
    const bits = layerBits(mlps['mlp-a'], layer)
    const differingBitCount = differing(bits[a], bits[b])
    return { layer: { path: `mlp-a/${layer}` }, bitCount: bits[a].length, differingBitCount }
  })
  const first = layers.findIndex(({ differingBitCount }) => differingBitCount > 0)
  return {
    network: { name: 'mlp-a' },
    a: { path: `points/${a}` },
    b: { path: `points/${b}` },
    firstLayer: first < 0 ? null : { index: first },
    layers,
    predictionA: { label: labelOf(a) },
    predictionB: { label: labelOf(b) },
  }
}

const divergence = (a: number, b: number) =>
  atlas.ask(QUERY, { network: 'mlp-a', a: `points/${a}`, b: `points/${b}` })

/** Two inputs that are told apart by exactly this. */
function pairWhere(test: (a: number, b: number) => boolean): [number, number] {
  for (let a = 0; a < samples.length; a++)
    for (let b = a + 1; b < samples.length; b++) if (test(a, b)) return [a, b]
  throw new Error('The reference has no such pair.')
}

describe('where two inputs part', () => {
  it('is what forward passes say', async () => {
    for (let a = 0; a < 30; a++) {
      const b = (7 * a + 41) % samples.length
      expect(await divergence(a, b)).toEqual({ divergence: expected(a, b) })
    }
  })

  it('is a later layer, and none, where the layers before agree', async () => {
    const first = layerBits(mlps['mlp-a'], 0)
    const all = spanBits(mlps['mlp-a'], 0, 1)
    const late = pairWhere((a, b) => !differing(first[a], first[b]) && differing(all[a], all[b]) > 0)
    const never = pairWhere((a, b) => differing(all[a], all[b]) === 0)
    const lateAnswer = await divergence(...late)
    expect(lateAnswer).toEqual({ divergence: expected(...late) })
    expect(answerSchema.parse(lateAnswer).divergence.firstLayer).toEqual({ index: 1 })
    const neverAnswer = await divergence(...never)
    expect(neverAnswer).toEqual({ divergence: expected(...never) })
    expect(answerSchema.parse(neverAnswer).divergence.firstLayer).toBeNull()
  })

  it('counts the bits of all positions', async () => {
    const query = `query ($a: ID!, $b: ID!) { divergence(network: "tokens", a: $a, b: $b) {
      layers { bitCount differingBitCount } } }`
    for (let b = 1; b < 20; b++) {
      const answer = await atlas.ask(query, { a: 'points/0', b: `points/${b}` })
      const differingBitCount = differing(tokenBits[0].flat(), tokenBits[b].flat())
      expect(answer).toEqual({ divergence: { layers: [{ bitCount: 6, differingBitCount }] } })
    }
  })

  it('takes ids as well as paths', async () => {
    const id = (index: number) => Buffer.from(`Input:1/${index}`).toString('base64url')
    expect(await atlas.ask(QUERY, { network: 'mlp-a', a: id(3), b: id(8) })).toEqual(await divergence(3, 8))
  })
})

describe('what cannot be compared', () => {
  beforeAll(async () => {
    await addDataset(atlas.db, 'others', Float32Array.from(samples.flat()), 6)
    await addDataset(atlas.db, 'waiting', Float32Array.from(samples.flat()), 6)
    await addPartition(atlas.db, 'mlp-a/0..1@others')
    await runJobs(atlas.db)
  })

  it.each([
    ['UNKNOWN_NETWORK', { network: 'nobody' }],
    ['UNKNOWN_INPUT', { a: 'points/120' }],
    ['UNKNOWN_INPUT', { b: 'nobody/0' }],
    ['BAD_ID', { a: 'nonsense' }],
    ['BAD_PATH', { a: 'points/0/1' }],
    ['BAD_ARGUMENT', { b: 'others/0' }],
    ['NOT_COMPUTED', { a: 'waiting/0', b: 'waiting/1' }],
    ['NOT_COMPUTED', { network: 'mlp-b' }],
  ])('is %s', async (code, variables) => {
    expect(await atlas.codeOf(QUERY, { network: 'mlp-a', a: 'points/0', b: 'points/1', ...variables })).toBe(
      code,
    )
  })

  it('names the layer whose codes are not stored, and the partition that stores them', async () => {
    const [{ message }] = await atlas.errorsOf(QUERY, { network: 'mlp-b', a: 'points/0', b: 'points/1' })
    expect(message).toMatch(/layer 0 of network "mlp-b".*create a partition.*layers 0 to 1/)
  })
})
