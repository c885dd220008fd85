import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { forwardMlp } from '../support/onnx.ts'
import { useAtlas } from './support/atlas.ts'
import { mlps, samples } from './support/reference.ts'

const atlas = useAtlas({
  partitions: ['mlp-a/0..1@points', 'mlp-a/0@points', 'mlp-a/1@points', 'tokens/0@points~positions'],
})

const answer = z.object({
  partition: z.object({
    regions: z.object({
      nodes: z.array(
        z.object({
          members: z.object({ nodes: z.array(z.object({ index: z.number() })) }),
          affineMap: z.object({
            shape: z.tuple([z.number(), z.number()]),
            rank: z.number(),
            singularValues: z.array(z.number()),
            norm: z.number(),
            matrix: z.array(z.array(z.number())),
            bias: z.array(z.number()),
          }),
        }),
      ),
    }),
  }),
})

const QUERY = `query ($path: String!) { partition(path: $path) { regions(first: 6) { nodes {
  members(first: 5) { nodes { index } }
  affineMap(full: true) { shape rank singularValues norm matrix bias } } } } }`

const relu = (values: readonly number[]) => values.map((value) => Math.max(0, value))

/** What a span of mlp-a maps from and to, for a sample. */
const spans = [
  {
    path: 'mlp-a/0..1@points',
    from: (i: number) => samples[i],
    to: (i: number) => forwardMlp(mlps['mlp-a'], samples[i]).scores,
  },
  {
    path: 'mlp-a/0@points',
    from: (i: number) => samples[i],
    to: (i: number) => relu(forwardMlp(mlps['mlp-a'], samples[i]).preActivations[0]),
  },
  {
    path: 'mlp-a/1@points',
    from: (i: number) => relu(forwardMlp(mlps['mlp-a'], samples[i]).preActivations[0]),
    to: (i: number) => forwardMlp(mlps['mlp-a'], samples[i]).scores,
  },
]

describe.each(spans)('the affine map of regions of $path', ({ path, from, to }) => {
  it('is what the network does to every member', async () => {
    const { partition } = answer.parse(await atlas.ask(QUERY, { path }))
    expect(partition.regions.nodes.length).toBe(6)
    for (const { members, affineMap } of partition.regions.nodes) {
      const { shape, matrix, bias, singularValues, norm, rank } = affineMap
      expect([matrix.length, matrix[0].length]).toEqual(shape)
      expect(singularValues).toHaveLength(Math.min(...shape))
      expect(norm).toBe(singularValues[0])
      expect(rank).toBe(singularValues.filter((value) => value > 1e-12 * norm).length)
      const squares = matrix.flat().reduce((sum, value) => sum + value * value, 0)
      expect(singularValues.reduce((sum, value) => sum + value * value, 0)).toBeCloseTo(squares, 9)
      for (const { index } of members.nodes) {
        const x = from(index)
        const image = matrix.map((row, i) => row.reduce((sum, value, j) => sum + value * x[j], bias[i]))
        to(index).forEach((value, i) => expect(image[i]).toBeCloseTo(value, 9))
      }
    }
  })
})

it('comes without its entries unless they are asked for', async () => {
  const short =
    '{ partition(path: "mlp-a/0..1@points") { regions(first: 1) { nodes { affineMap { matrix bias } } } } }'
  expect(await atlas.ask(short)).toEqual({
    partition: { regions: { nodes: [{ affineMap: { matrix: null, bias: null } }] } },
  })
})

it('of a position is refused', async () => {
  expect(await atlas.codeOf(QUERY, { path: 'tokens/0@points~positions' })).toBe('NOT_WHOLE_INPUT')
})
