import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { useAtlas } from './support/atlas.ts'
import {
  agreementOf,
  INPUT_COUNT,
  LABEL_COUNT,
  labels,
  mlps,
  regionsOf,
  spanBits,
  tokenBits,
} from './support/reference.ts'

const atlas = useAtlas({ partitions: ['mlp-a/0..1@points', 'tokens/0@points~positions', 'mlp-b/0@points'] })
const codes = spanBits(mlps['mlp-a'], 0, 1)
const regions = regionsOf(codes)

const id = (type: string, ...key: number[]) => Buffer.from(`${type}:${key.join('/')}`).toString('base64url')

async function partitionId(path: string): Promise<string> {
  const data = await atlas.ask('query ($path: String!) { partition(path: $path) { id } }', { path })
  return z.object({ partition: z.object({ id: z.string() }) }).parse(data).partition.id
}

const QUERY = `query ($partition: ID!, $regions: [ID!], $inputs: [ID!], $label: Int) {
  sharedCode(partition: $partition, regions: $regions, inputs: $inputs, label: $label) {
    bitCount agreeingBitCount mask values perLayer { layer { path } bitCount agreeingBitCount } } }`

const ones = (mask: string) => [...mask].filter((bit) => bit === '1').length

function answerOf(mask: string, values: string) {
  return {
    sharedCode: {
      bitCount: 26,
      agreeingBitCount: ones(mask),
      mask,
      values,
      perLayer: [
        { layer: { path: 'mlp-a/0' }, bitCount: 16, agreeingBitCount: ones(mask.slice(0, 16)) },
        { layer: { path: 'mlp-a/1' }, bitCount: 10, agreeingBitCount: ones(mask.slice(16)) },
      ],
    },
  }
}

describe('the shared code', () => {
  it('of regions is that of a bitwise comparison', async () => {
    const partition = await partitionId('mlp-a/0..1@points')
    const subset = fc.subarray([...regions.keys()], { minLength: 1, maxLength: 6 })
    await fc.assert(
      fc.asyncProperty(subset, async (indices) => {
        const { mask, values } = agreementOf(indices.map((index) => regions[index].bits))
        const ids = indices.map((index) => id('Region', 1, index))
        expect(await atlas.ask(QUERY, { partition, regions: ids })).toEqual(answerOf(mask, values))
      }),
      { numRuns: 30 },
    )
  })

  it('of inputs is that of a bitwise comparison', async () => {
    const partition = await partitionId('mlp-a/0..1@points')
    const subset = fc.subarray([...codes.keys()], { minLength: 1, maxLength: 6 })
    await fc.assert(
      fc.asyncProperty(subset, async (indices) => {
        const { mask, values } = agreementOf(indices.map((index) => codes[index]))
        const ids = indices.map((index) => id('Input', 1, index))
        expect(await atlas.ask(QUERY, { partition, inputs: ids })).toEqual(answerOf(mask, values))
      }),
      { numRuns: 30 },
    )
  })

  it('of a label is that of all its inputs', async () => {
    const partition = await partitionId('mlp-a/0..1@points')
    for (let label = 0; label < LABEL_COUNT; label++) {
      const { mask, values } = agreementOf(codes.filter((_, input) => labels[input] === label))
      expect(await atlas.ask(QUERY, { partition, label })).toEqual(answerOf(mask, values))
    }
  })

  it('of inputs counts all their positions', async () => {
    const partition = await partitionId('tokens/0@points~positions')
    const query = `query ($partition: ID!, $inputs: [ID!]) { sharedCode(partition: $partition, inputs: $inputs) {
      mask values perLayer { bitCount } } }`
    for (let input = 0; input < 20; input++) {
      const answer = await atlas.ask(query, { partition, inputs: [id('Input', 1, input)] })
      expect(answer).toEqual({
        sharedCode: { ...agreementOf(tokenBits[input]), perLayer: [{ bitCount: 3 }] },
      })
    }
  })

  it('needs exactly one selection, of things of the partition', async () => {
    const partition = await partitionId('mlp-a/0..1@points')
    const codeOf = (variables: object) => atlas.codeOf(QUERY, { partition, ...variables })
    expect(await codeOf({})).toBe('BAD_ARGUMENT')
    expect(await codeOf({ label: 1, inputs: [id('Input', 1, 0)] })).toBe('BAD_ARGUMENT')
    expect(await codeOf({ regions: [] })).toBe('BAD_ARGUMENT')
    expect(await codeOf({ inputs: [] })).toBe('BAD_ARGUMENT')
    expect(await codeOf({ label: 9 })).toBe('BAD_ARGUMENT')
    expect(await codeOf({ regions: [id('Region', 1, regions.length)] })).toBe('UNKNOWN_REGION')
    expect(await codeOf({ regions: [id('Region', 2, 0)] })).toBe('UNKNOWN_REGION')
    expect(await codeOf({ inputs: [id('Input', 1, INPUT_COUNT)] })).toBe('UNKNOWN_INPUT')
    expect(await codeOf({ inputs: [id('Input', 2, 0)] })).toBe('UNKNOWN_INPUT')
    expect(await codeOf({ inputs: [id('Region', 1, 0)] })).toBe('BAD_ID')
    expect(await codeOf({ partition: id('Partition', 77), label: 1 })).toBe('UNKNOWN_PARTITION')
    await atlas.db.pool.query('update partition set computed_at = null where id = 3')
    expect(await codeOf({ partition: id('Partition', 3), label: 1 })).toBe('PARTITION_NOT_READY')
  })
})
