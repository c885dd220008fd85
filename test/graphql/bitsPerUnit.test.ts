import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { requestComparison } from '#atlas/src/jobs/commands/requestComparison.js'
import { addNetwork, addPartition } from '../support/atlas.ts'
import { gateNet, gates, gemm, maxPool, reshape } from '../support/gateNets.ts'
import { uniform } from '../support/onnx.ts'
import { group } from '../support/reference.ts'
import { runJobs, useAtlas } from './support/atlas.ts'
import { samples } from './support/reference.ts'

const random = uniform(3)

/** Layer 0: Clip, 8 units of 2 bits. Layer 1: MaxPool, 2 units of 2 bits at 4 places. Layer 2: Relu of 3. */
const net = gateNet(6, [
  gemm('a', 6, 8, random),
  gates.clip('six', -0.25, 0.5),
  gemm('b', 8, 18, random),
  reshape('in', 2, 3, 3),
  maxPool({ channels: 2, height: 3, width: 3, kernel: [2, 2] }),
  reshape('out', 8),
  gemm('c', 8, 3, random),
  gates.relu(),
])
const bits = samples.map((sample) => net.forward(sample).bits.map((bit) => bit === 1))
const spans = { clip: [0, 16], pool: [16, 32], all: [0, 35] } as const
const codesOf = ([from, to]: readonly [number, number]) => bits.map((code) => code.slice(from, to))
const text = (code: readonly boolean[]) => code.map(Number).join('')

const atlas = useAtlas({ partitions: ['mlp-a/0@points'] })
const ids: Record<string, number> = {}

beforeAll(async () => {
  await addNetwork(atlas.db, 'multi', net.model)
  for (const path of ['multi/0..2@points', 'multi/0@points', 'multi/1@points', 'multi/1@points~positions'])
    ids[path] = (await addPartition(atlas.db, path)).partitionId
  await runJobs(atlas.db)
})

const region = z.object({ code: z.object({ bits: z.string() }), margin: z.number() })
const partition = z.object({
  partition: z.object({ bitCount: z.number(), regions: z.object({ nodes: z.array(region) }) }),
})

async function regionsOf(path: string, filter: object = {}) {
  const query = `query ($path: String!, $filter: RegionFilter) { partition(path: $path) {
    bitCount regions(first: 500, filter: $filter) { nodes { code { bits } margin } } } }`
  return partition.parse(await atlas.ask(query, { path, filter })).partition
}

describe('a network whose units have several bits', () => {
  it('says how many', async () => {
    const answer = await atlas.ask(
      '{ network(name: "multi") { layers { operator unitCount positionCount bitsPerUnit bitCount exact } } }',
    )
    const layer = (operator: string, unitCount: number, positionCount: number, bitsPerUnit: number) => ({
      operator,
      unitCount,
      positionCount,
      bitsPerUnit,
      bitCount: unitCount * positionCount * bitsPerUnit,
      exact: true,
    })
    expect(answer).toEqual({
      network: {
        layers: [layer('Clip', 8, 1, 2), layer('MaxPool', 2, 4, 2), layer('Relu', 3, 1, 1)],
      },
    })
  })

  it.each([
    ['multi/0..2@points', spans.all],
    ['multi/0@points', spans.clip],
    ['multi/1@points', spans.pool],
  ] as const)('has the codes of a forward pass in %s', async (path, span) => {
    const { bitCount, regions } = await regionsOf(path)
    const codes = codesOf(span)
    expect(bitCount).toBe(span[1] - span[0])
    const distinct = codes.filter((_, i) => group(codes).indexOf(group(codes)[i]) === i).map(text)
    expect(regions.nodes.map(({ code }) => code.bits)).toEqual(distinct)
    for (const { margin } of regions.nodes) expect(margin).toBeGreaterThan(0)
  })

  it('has a code a position where positions are sites', async () => {
    const { bitCount, regions } = await regionsOf('multi/1@points~positions')
    expect(bitCount).toBe(4)
    const sites = codesOf(spans.pool).flatMap((code) =>
      [0, 4, 8, 12].map((from) => text(code.slice(from, from + 4))),
    )
    expect(regions.nodes.map(({ code }) => code.bits)).toEqual([...new Set(sites)])
  })

  it('has conditions on one bit of a unit', async () => {
    const path = 'multi/0..2@points'
    const all = (await regionsOf(path)).regions.nodes.map(({ code }) => code.bits)
    const hasBoth = (place: number) => ['0', '1'].every((bit) => all.some((code) => code[place] === bit))
    const units = [0, 1].flatMap((unit) => [0, 1, 2, 3].map((position) => ({ unit, position, bit: 1 })))
    const placeOf = ({ unit, position, bit }: (typeof units)[number]) => 16 + (position * 2 + unit) * 2 + bit
    const split = units.filter((unit) => hasBoth(placeOf(unit)))
    expect(split.length).toBeGreaterThan(1)
    for (const condition of split) {
      const found = await regionsOf(path, { bits: [{ layer: 1, ...condition, value: true }] })
      const expected = all.filter((code) => code[placeOf(condition)] === '1')
      expect(found.regions.nodes.map(({ code }) => code.bits)).toEqual(expected)
    }
    await expect(regionsOf(path, { bits: [{ layer: 2, unit: 0, bit: 1, value: true }] })).rejects.toThrow(
      'a bit from 0 to 0',
    )
  })

  it('has affine maps of its regions', async () => {
    const query = `{ partition(path: "multi/0..2@points") { regions(first: 5) { nodes {
      exemplar { index } affineMap(full: true) { matrix bias } } } } }`
    const answer = z
      .object({
        partition: z.object({
          regions: z.object({
            nodes: z.array(
              z.object({
                exemplar: z.object({ index: z.number() }),
                affineMap: z.object({ matrix: z.array(z.array(z.number())), bias: z.array(z.number()) }),
              }),
            ),
          }),
        }),
      })
      .parse(await atlas.ask(query))
    for (const { exemplar, affineMap } of answer.partition.regions.nodes) {
      const x = samples[exemplar.index]
      net.forward(x).scores.forEach((score, row) => {
        const image = affineMap.matrix[row].reduce((sum, a, i) => sum + a * x[i], affineMap.bias[row])
        expect(Math.abs(image - score)).toBeLessThan(1e-9)
      })
    }
  })

  it('is compared by how many bits of a unit are set; winners are not matched', async () => {
    const mlp = await addPartition(atlas.db, 'mlp-a/0@points')
    await requestComparison(atlas.db, ids['multi/0..2@points'], mlp.partitionId)
    await requestComparison(atlas.db, ids['multi/0..2@points'], ids['multi/0@points'])
    await runJobs(atlas.db)
    const unit = z.object({ layer: z.object({ index: z.number() }), unit: z.number() })
    const read = async (b: number) => {
      const query = `query ($a: ID!, $b: ID!) { comparison(a: $a, b: $b) { matchedUnits(first: 500) { nodes {
        a { layer { index } unit } b { layer { index } unit } correlation } } } }`
      const toId = (key: number) => Buffer.from(`Partition:${key}`).toString('base64url')
      const nodes = z.array(z.object({ a: unit, b: unit, correlation: z.number() }))
      return z
        .object({ comparison: z.object({ matchedUnits: z.object({ nodes }) }) })
        .parse(await atlas.ask(query, { a: toId(ids['multi/0..2@points']), b: toId(b) })).comparison
        .matchedUnits.nodes
    }
    const other = await read(mlp.partitionId)
    expect(other).toHaveLength(8 + 3)
    expect(other.every(({ a }) => a.layer.index !== 1)).toBe(true)
    const own = await read(ids['multi/0@points'])
    const levels = (place: number) =>
      new Set(codesOf(spans.clip).map((code) => Number(code[2 * place]) + Number(code[2 * place + 1]))).size
    for (const { a, b, correlation } of own) {
      if (levels(b.unit) < 2) continue
      expect([a.layer.index, a.unit]).toEqual([0, b.unit])
      expect(correlation).toBeCloseTo(1, 12)
    }
  })

  it('has segments whose crossings name the bit', async () => {
    const from = [-2, 1, 3, -1, 0.5, 2]
    const to = [2, 0.5, -3, 1, 2, -1]
    const query = `{ segment(network: "multi", from: { values: [${from.join()}] }, to: { values: [${to.join()}] }) {
      crossings { t layer unit position bit turnsOn } } }`
    const crossing = z.object({
      t: z.number(),
      layer: z.number(),
      unit: z.number(),
      position: z.number(),
      bit: z.number(),
      turnsOn: z.boolean(),
    })
    const { crossings } = z
      .object({ segment: z.object({ crossings: z.array(crossing) }) })
      .parse(await atlas.ask(query)).segment
    expect(new Set(crossings.map(({ layer, bit }) => `${layer}.${bit}`)).size).toBeGreaterThan(3)
    const bitAt = (t: number, place: number) =>
      net.forward(from.map((value, i) => value + t * (to[i] - value))).bits[place]
    for (const { t, layer, unit, position, bit, turnsOn } of crossings) {
      const place = [2 * unit, 16 + (2 * position + unit) * 2, 32 + unit][layer] + bit
      expect(bitAt(t - 1e-7, place)).toBe(Number(!turnsOn))
      expect(bitAt(t + 1e-7, place)).toBe(Number(turnsOn))
    }
  })
})
