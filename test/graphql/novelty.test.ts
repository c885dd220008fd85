import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { addDataset, addPartition } from '../support/atlas.ts'
import { forwardMlp } from '../support/onnx.ts'
import { group, type Bits } from '../support/reference.ts'
import { runJobs, useAtlas } from './support/atlas.ts'
import { mlps, samples, spanBits, tokenBits } from './support/reference.ts'

const TOKENS = 'tokens/0..0@points~positions:1'
const atlas = useAtlas({
  partitions: ['mlp-a/0..1@points', TOKENS, 'mlp-b/0..1@points'],
  neighbors: { 'mlp-a/0..1@points': 2, [TOKENS]: 1 },
})

/** The first samples as they are, then the others thrice as far from 1. */
const strangers = samples.map((sample, i) =>
  i < 5 ? sample : sample.map((x) => Math.fround(1 - 3 * (1 - x))),
)

beforeAll(async () => {
  await addDataset(atlas.db, 'strangers', Float32Array.from(strangers.flat()), 6)
  await addDataset(atlas.db, 'waiting', Float32Array.from(strangers.flat()), 6)
  await addDataset(atlas.db, 'single', Float32Array.from(samples[0]), 6)
  await addPartition(atlas.db, 'mlp-a/0..1@strangers')
  await addPartition(atlas.db, 'tokens/0@strangers~positions')
  const { partitionId } = await addPartition(atlas.db, 'mlp-a/0..1@single')
  await runJobs(atlas.db)
  await atlas.db.pool.query('update partition set neighbor_count = 0 where id = $1', [partitionId])
})

const noveltySchema = z.object({
  distance: z.number(),
  percentile: z.number(),
  nearest: z.object({ index: z.number() }),
  partition: z.object({ path: z.string() }),
})
const QUERY = `query ($input: String!, $partition: ID!, $position: Int = 0) { entity(path: $input) { ... on Input {
  novelty(partition: $partition, position: $position) {
    distance percentile nearest { index } partition { path } } } } }`

async function novelty(input: string, partition = 'mlp-a/0..1@points', position = 0) {
  const answer = await atlas.ask(QUERY, { input, partition, position })
  return z.object({ entity: z.object({ novelty: noveltySchema.nullable() }) }).parse(answer).entity.novelty
}

const hamming = (a: Bits, b: Bits) => a.filter((bit, i) => bit !== b[i]).length

/** The answer for a code beside the codes of all of a partition's other sites; `own` is its place among them. */
function expected(path: string, codes: readonly Bits[], bits: Bits, own: number | null) {
  const distanceOf = (code: Bits, except: number | null) =>
    Math.min(...codes.map((other, i) => (i === except ? Infinity : hamming(code, other))))
  const distance = distanceOf(bits, own)
  const all = codes.map((code, i) => distanceOf(code, i))
  const less = all.filter((other) => other < distance).length
  const equal = all.filter((other) => other === distance).length
  const regions = group(codes)
  const nearest = codes.flatMap((code, i) =>
    i !== own && hamming(code, bits) === distance ? [regions[i]] : [],
  )
  return {
    distance,
    percentile: expect.closeTo((less + equal / 2) / codes.length, 12) as number,
    nearest: { index: Math.min(...nearest) },
    partition: { path },
  }
}

const codes = spanBits(mlps['mlp-a'], 0, 1)

describe('the novelty of an input', () => {
  it('of the dataset is what comparing all codes says', async () => {
    const found = await Promise.all(samples.map((_, input) => novelty(`points/${input}`)))
    const naive = samples.map((_, input) => expected('mlp-a/0..1@points', codes, codes[input], input))
    expect(found).toEqual(naive)
    const distances = new Set(naive.map(({ distance }) => distance))
    expect([distances.has(0), distances.size > 2]).toEqual([true, true])
  })

  it('of another dataset is so too, 0 bits where the partition has its code', async () => {
    const bitsOf = (sample: readonly number[]) =>
      forwardMlp(mlps['mlp-a'], sample).preActivations.flatMap((layer) => layer.map((value) => value > 0))
    const found = await Promise.all(strangers.map((_, input) => novelty(`strangers/${input}`)))
    const naive = strangers.map((sample) => expected('mlp-a/0..1@points', codes, bitsOf(sample), null))
    expect(found).toEqual(naive)
    expect(found.slice(0, 5).map((answer) => answer?.distance)).toEqual([0, 0, 0, 0, 0])
    expect(found.some((answer) => answer && answer.distance > 1)).toBe(true)
  })

  it('is that of a site where positions are', async () => {
    const path = TOKENS
    const second = tokenBits.map(([, bits]) => bits)
    for (let input = 0; input < 10; input++) {
      expect(await novelty(`points/${input}`, path, 1)).toEqual(expected(path, second, second[input], input))
      if (input < 5)
        expect(await novelty(`strangers/${input}`, path, 1)).toEqual(
          expected(path, second, second[input], null),
        )
    }
  })

  it('is null where there is no such site, and no other', async () => {
    expect(await novelty('points/0', 'mlp-a/0..1@points', 1)).toBeNull()
    expect(await novelty('strangers/0', 'mlp-a/0..1@points', 1)).toBeNull()
    expect(await novelty('strangers/0', TOKENS, 0)).toBeNull()
    expect(await novelty('single/0', 'mlp-a/0..1@single')).toBeNull()
  })

  it.each([
    ['NOT_COMPUTED', { partition: 'mlp-b/0..1@points' }],
    ['NOT_COMPUTED', { input: 'waiting/0' }],
    ['UNKNOWN_PARTITION', { partition: 'mlp-b/0@points' }],
    ['BAD_ID', { partition: 'nonsense' }],
  ])('says %s', async (code, variables) => {
    const given = { input: 'points/0', partition: 'mlp-a/0..1@points', ...variables }
    expect(await atlas.codeOf(QUERY, given)).toBe(code)
  })

  it('says what to run where something is not stored', async () => {
    const messageOf = async (input: string, partition: string) =>
      (await atlas.errorsOf(QUERY, { input, partition }))[0].message
    expect(await messageOf('points/0', 'mlp-b/0..1@points')).toMatch(/run `computeNeighbors`/)
    expect(await messageOf('waiting/0', 'mlp-a/0..1@points')).toMatch(/create a partition.*layers 0 to 1/)
  })

  it('waits for the partition', async () => {
    await addPartition(atlas.db, 'mlp-b/1@points')
    expect(await atlas.codeOf(QUERY, { input: 'points/0', partition: 'mlp-b/1@points' })).toBe(
      'PARTITION_NOT_READY',
    )
  })
})
