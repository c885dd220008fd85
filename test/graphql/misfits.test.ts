import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { addDataset, addPartition } from '../support/atlas.ts'
import { forwardMlp } from '../support/onnx.ts'
import { group, type Bits } from '../support/reference.ts'
import { runJobs, useAtlas } from './support/atlas.ts'
import { allPages } from './support/paging.ts'
import { labels, mlps, samples, spanBits, tokenBits } from './support/reference.ts'

const atlas = useAtlas({ partitions: ['mlp-a/1@points', 'tokens/0@points~positions'] })

const misfitSchema = z.object({
  input: z.object({ path: z.string(), label: z.number() }),
  position: z.number(),
  label: z.number(),
  regionLabel: z.number(),
  region: z.object({ index: z.number(), purity: z.number(), memberCount: z.number() }),
  prediction: z.object({ label: z.number() }),
  misclassified: z.boolean(),
})
const answerSchema = z.object({
  partition: z.object({
    misfits: z.object({
      totalCount: z.number(),
      pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
      nodes: z.array(misfitSchema),
    }),
  }),
})
type Found = z.infer<typeof misfitSchema>

const QUERY = `query ($path: String!, $first: Int, $after: String, $minPurity: Float = 0.9, $minMembers: Int = 5) {
  partition(path: $path) {
    misfits(first: $first, after: $after, minPurity: $minPurity, minMembers: $minMembers) {
      totalCount pageInfo { hasNextPage endCursor } nodes {
        input { path label } position label regionLabel region { index purity memberCount } prediction { label }
        misclassified } } } }`

async function misfitsOf(path: string, variables: Record<string, unknown>) {
  const answer = await atlas.ask(QUERY, { path, first: 500, ...variables })
  return answerSchema.parse(answer).partition.misfits
}

/** The misfits among sites with these codes, counted one by one; `labelOf` is what the network predicts. */
function expected(
  sites: readonly { input: number; position: number; bits: Bits }[],
  labelOf: (input: number) => number,
  minPurity: number,
  minMembers: number,
): Found[] {
  const regions = group(sites.map(({ bits }) => bits))
  const found = sites.flatMap(({ input, position }, site) => {
    const members = sites.filter((_, other) => regions[other] === regions[site])
    const counts = [0, 1, 2, 3].map(
      (label) => members.filter((member) => labels[member.input] === label).length,
    )
    const most = Math.max(...counts)
    const regionLabel = counts.indexOf(most)
    const region = {
      index: regions[site],
      purity: most / members.length,
      memberCount: members.length,
    }
    if (labels[input] === regionLabel || region.purity < minPurity || members.length < minMembers) return []
    const label = labels[input]
    const prediction = { label: labelOf(input) }
    const misclassified = prediction.label !== label
    return [
      {
        input: { path: `points/${input}`, label },
        position,
        label,
        regionLabel,
        region,
        prediction,
        misclassified,
      },
    ]
  })
  return found.sort((a, b) => b.region.purity - a.region.purity)
}

const codes = spanBits(mlps['mlp-a'], 1, 1)
const whole = codes.map((bits, input) => ({ input, position: 0, bits }))
const perPosition = tokenBits.flatMap((tokens, input) =>
  tokens.map((bits, position) => ({ input, position, bits })),
)

const greatest = (scores: readonly number[]) => scores.indexOf(Math.max(...scores))
const labelByMlp = (input: number) => greatest(forwardMlp(mlps['mlp-a'], samples[input]).scores)

describe('misfits', () => {
  it.each([
    [0, 1],
    [0.5, 3],
    [0.6, 1],
    [0.75, 5],
  ])('are what counting finds, at a purity of %d and %d members', async (minPurity, minMembers) => {
    const { nodes, totalCount } = await misfitsOf('mlp-a/1@points', { minPurity, minMembers })
    const naive = expected(whole, labelByMlp, minPurity, minMembers)
    expect(naive.length).toBeGreaterThan(0)
    expect(nodes).toEqual(naive)
    expect(totalCount).toBe(naive.length)
  })

  it('are both classified as their label and otherwise', async () => {
    const { nodes } = await misfitsOf('mlp-a/1@points', { minPurity: 0, minMembers: 1 })
    expect(new Set(nodes.map(({ misclassified }) => misclassified))).toEqual(new Set([true, false]))
  })

  it('are sites where positions are', async () => {
    const { nodes } = await misfitsOf('tokens/0@points~positions', { minPurity: 0.3 })
    const sites = nodes.map(({ input, position, region }) => [input.path, position, region.index])
    const naive = expected(perPosition, () => 0, 0.3, 5)
    expect(naive.length).toBeGreaterThan(0)
    expect(sites).toEqual(naive.map(({ input, position, region }) => [input.path, position, region.index]))
  })

  it('come page by page, each once, with the number of all', async () => {
    const all = await misfitsOf('mlp-a/1@points', { minPurity: 0.4, minMembers: 1 })
    expect(all.nodes.length).toBeGreaterThan(9)
    const pages = await allPages((after) =>
      misfitsOf('mlp-a/1@points', { minPurity: 0.4, minMembers: 1, first: 4, after }),
    )
    expect(pages.flatMap(({ nodes }) => nodes)).toEqual(all.nodes)
    expect(pages.map(({ totalCount }) => totalCount)).toEqual(pages.map(() => all.nodes.length))
  })

  it('are in regions of 5 members with a purity of 0.9 or more where nothing is said', async () => {
    const query = '{ partition(path: "mlp-a/1@points") { misfits { totalCount } } }'
    const totalCount = expected(whole, labelByMlp, 0.9, 5).length
    expect(await atlas.ask(query)).toEqual({ partition: { misfits: { totalCount } } })
  })

  it('are none without labels', async () => {
    await addDataset(atlas.db, 'unlabelled', Float32Array.from(samples.flat()), 6)
    await addPartition(atlas.db, 'mlp-a/1@unlabelled')
    await runJobs(atlas.db)
    const found = await misfitsOf('mlp-a/1@unlabelled', { minPurity: 0, minMembers: 1 })
    expect(found).toMatchObject({ totalCount: 0, nodes: [] })
  })

  it.each([
    ['BAD_ARGUMENT', { minPurity: 1.5 }],
    ['BAD_ARGUMENT', { minPurity: -0.1 }],
    ['BAD_ARGUMENT', { minMembers: 0 }],
    ['TOO_MANY_REQUESTED', { first: 501 }],
    ['BAD_CURSOR', { after: 'nonsense' }],
  ])('say %s', async (code, variables) => {
    expect(await atlas.codeOf(QUERY, { path: 'mlp-a/1@points', ...variables })).toBe(code)
  })
})
