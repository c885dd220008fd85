import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { forwardMlp } from '../support/onnx.ts'
import { useAtlas } from './support/atlas.ts'
import { mlps, samples } from './support/reference.ts'

const atlas = useAtlas({ partitions: ['mlp-a/0..1@points', 'mlp-a/0@points'] })

const pair = z.tuple([z.number(), z.number()])
const slice = z.object({
  regionCount: z.number(),
  complete: z.boolean(),
  polygons: z.array(
    z.object({
      vertices: z.array(pair),
      codeHash: z.string(),
      prediction: z.number(),
      region: z.object({ path: z.string(), partition: z.object({ path: z.string() }) }).nullable(),
    }),
  ),
  decisionBoundary: z.array(z.object({ from: pair, to: pair, labelA: z.number(), labelB: z.number() })),
})

const QUERY = `query ($network: String!, $origin: PointInput!, $u: PointInput!, $v: PointInput!, $fromLayer: Int,
  $toLayer: Int, $maxRegions: Int) {
  slice(network: $network, origin: $origin, u: $u, v: $v, fromLayer: $fromLayer, toLayer: $toLayer,
    maxRegions: $maxRegions) {
    regionCount complete
    polygons { vertices codeHash prediction region { path partition { path } } }
    decisionBoundary { from to labelA labelB } } }`

const corners = { origin: { input: 'points/3' }, u: { input: 'points/8' }, v: { input: 'points/12' } }

async function cut(variables: Record<string, unknown>) {
  const answer = await atlas.ask(QUERY, { network: 'mlp-a', maxRegions: 20_000, ...variables })
  return z.object({ slice }).parse(answer).slice
}

function inside(loop: readonly (readonly [number, number])[], [x, y]: readonly [number, number]): boolean {
  return loop.every(([ax, ay], i) => {
    const [bx, by] = loop[(i + 1) % loop.length]
    return (bx - ax) * (y - ay) - (by - ay) * (x - ax) >= -1e-12
  })
}

describe('a slice through three inputs', () => {
  it('has their regions at its corners', async () => {
    const { polygons, regionCount, complete } = await cut(corners)
    expect(complete).toBe(true)
    expect(polygons).toHaveLength(regionCount)
    const places = [
      [0, 0],
      [1, 0],
      [0, 1],
    ] as const
    for (const [i, sample] of [3, 8, 12].entries()) {
      const at = polygons.filter(({ vertices }) => inside(vertices, places[i]))
      const found = z
        .object({ entity: z.object({ region: z.object({ path: z.string() }) }) })
        .parse(
          await atlas.ask(
            `{ entity(path: "points/${sample}") { ... on Input { region(partition: "mlp-a/0..1@points") { path } } } }`,
          ),
        )
      expect(at.map(({ region }) => region?.path)).toContain(found.entity.region.path)
      expect(at[0].codeHash).toBe(at[0].region?.path.split('/').at(-1))
      const scores = forwardMlp(mlps['mlp-a'], samples[sample]).scores
      expect(at.map(({ prediction }) => prediction)).toContain(scores.indexOf(Math.max(...scores)))
    }
    expect(polygons.some(({ region }) => region === null)).toBe(true)
  })

  it('looks for regions in a partition of its own span', async () => {
    const { polygons } = await cut({ ...corners, toLayer: 0 })
    const paths = polygons.flatMap(({ region }) => (region ? [region.partition.path] : []))
    expect(new Set(paths)).toEqual(new Set(['mlp-a/0..0@points']))
  })

  it('is the same by points and by directions', async () => {
    const difference = (a: number, b: number) => samples[a].map((value, i) => value - samples[b][i])
    const byDirections = await cut({
      origin: { values: samples[3] },
      u: { values: difference(8, 3) },
      v: { values: difference(12, 3) },
    })
    const byPoints = await cut(corners)
    expect(byDirections.polygons.map(({ codeHash }) => codeHash)).toEqual(
      byPoints.polygons.map(({ codeHash }) => codeHash),
    )
  })

  it('says when there are more polygons', async () => {
    const { complete, polygons } = await cut({ ...corners, maxRegions: 3 })
    expect(complete).toBe(false)
    expect(polygons).toHaveLength(3)
  })
})

describe('a slice that cannot be', () => {
  it.each([
    ['FLAT_SLICE', { v: corners.u }],
    ['BAD_ARGUMENT', { maxRegions: 0 }],
    ['BAD_ARGUMENT', { u: {} }],
    ['TOO_MANY_REQUESTED', { maxRegions: 20_001 }],
    ['WRONG_INPUT_SIZE', { u: { values: [1] } }],
    ['WRONG_INPUT_SIZE', { origin: { values: [1] } }],
    ['BAD_SPAN', { toLayer: 9 }],
    ['UNKNOWN_NETWORK', { network: 'nobody' }],
  ])('says %s', async (code, variables) => {
    expect(await atlas.codeOf(QUERY, { network: 'mlp-a', ...corners, ...variables })).toBe(code)
  })
})
