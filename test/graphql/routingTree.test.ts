import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { addDataset, addNetwork, addPartition } from '../support/atlas.ts'
import { buildMlp, forwardMlp } from '../support/onnx.ts'
import { runJobs, useAtlas } from './support/atlas.ts'
import { labels, samples, tokenBits } from './support/reference.ts'

const DEEP = { sizes: [6, 5, 4, 6, 3], seed: 9 }
const atlas = useAtlas({ partitions: ['mlp-a/1@points', 'tokens/0@points~positions'] })

beforeAll(async () => {
  await addNetwork(atlas.db, 'deep', buildMlp(DEEP))
  await addDataset(atlas.db, 'unlabelled', Float32Array.from(samples.flat()), 6)
  await addPartition(atlas.db, 'deep/0..2@points')
  await addPartition(atlas.db, 'deep/0..2@unlabelled')
  await runJobs(atlas.db)
})

const nodeSchema = z.object({
  index: z.number(),
  parent: z.number().nullable(),
  depth: z.number(),
  layer: z.object({ index: z.number() }),
  memberCount: z.number(),
  labelCounts: z.array(z.object({ label: z.number(), className: z.string(), count: z.number() })),
  labelEntropy: z.number(),
  firstInput: z.object({ index: z.number() }),
  children: z.array(z.object({ index: z.number() })),
  prunedNodes: z.number(),
  prunedMembers: z.number(),
})
const treeSchema = z.object({
  memberCount: z.number(),
  nodeCount: z.number(),
  complete: z.boolean(),
  prunedNodes: z.number(),
  prunedMembers: z.number(),
  roots: z.array(z.object({ index: z.number() })),
  nodes: z.array(nodeSchema),
})

const QUERY = `query ($network: String!, $dataset: String!, $fromLayer: Int = 0, $toLayer: Int, $minMembers: Int = 2,
    $maxNodes: Int = 500) {
  routingTree(network: $network, dataset: $dataset, fromLayer: $fromLayer, toLayer: $toLayer, minMembers: $minMembers,
    maxNodes: $maxNodes) {
    memberCount nodeCount complete prunedNodes prunedMembers roots { index } nodes {
      index parent depth layer { index } memberCount labelCounts { label className count } labelEntropy
      firstInput { index } children { index } prunedNodes prunedMembers } } }`

async function treeOf(variables: Record<string, unknown>) {
  const answer = await atlas.ask(QUERY, { network: 'deep', dataset: 'points', ...variables })
  return z.object({ routingTree: treeSchema }).parse(answer).routingTree
}

/** Codes of the deep network as text, by input and layer. */
const codes = samples.map((sample) =>
  forwardMlp(DEEP, sample).preActivations.map((layer) => layer.map((value) => Number(value > 0)).join('')),
)

/** All prefixes of a span, with their members, by nothing but comparing texts. */
function prefixes(fromLayer: number, toLayer: number) {
  return Array.from({ length: toLayer - fromLayer + 1 }, (_, depth) => {
    const members = new Map<string, number[]>()
    for (const [input, layers] of codes.entries()) {
      const prefix = layers.slice(fromLayer, fromLayer + depth + 1).join(' ')
      members.set(prefix, [...(members.get(prefix) ?? []), input])
    }
    return [...members].map(([prefix, inputs]) => ({ prefix, depth, inputs }))
  }).flat()
}

interface Asked {
  fromLayer: number
  toLayer: number
  minMembers: number
  maxNodes: number
}

function expected({ fromLayer, toLayer, minMembers, maxNodes }: Asked) {
  const all = prefixes(fromLayer, toLayer)
  const enough = all
    .filter(({ inputs }) => inputs.length >= minMembers)
    .sort((a, b) => b.inputs.length - a.inputs.length || a.depth - b.depth || a.inputs[0] - b.inputs[0])
  const kept = enough.slice(0, maxNodes).sort((a, b) => a.depth - b.depth)
  const isBelow = (child: (typeof all)[0], prefix: string, depth: number) =>
    child.depth === depth + 1 && child.prefix.startsWith(prefix)
  const below = (prefix: string, depth: number) => {
    const inTree = kept.filter((node) => isBelow(node, prefix, depth))
    const pruned = all.filter((node) => isBelow(node, prefix, depth) && !inTree.includes(node))
    return {
      children: inTree.map((node) => ({ index: kept.indexOf(node) })),
      prunedNodes: pruned.length,
      prunedMembers: pruned.reduce((sum, { inputs }) => sum + inputs.length, 0),
    }
  }
  const nodes = kept.map(({ prefix, depth, inputs }, index) => {
    const parent = kept.findIndex((node) => node.depth === depth - 1 && prefix.startsWith(node.prefix))
    const counts = [0, 1, 2, 3]
      .map((label) => ({
        label,
        className: `class ${label}`,
        count: inputs.filter((input) => labels[input] === label).length,
      }))
      .filter(({ count }) => count > 0)
    const entropy = counts.reduce((sum, { count }) => {
      const share = count / inputs.length
      return sum - share * Math.log2(share)
    }, 0)
    return {
      index,
      parent: parent < 0 ? null : parent,
      depth,
      layer: { index: fromLayer + depth },
      memberCount: inputs.length,
      labelCounts: counts.sort((a, b) => b.count - a.count || a.label - b.label),
      labelEntropy: expect.closeTo(entropy, 12) as number,
      firstInput: { index: inputs[0] },
      ...below(prefix, depth),
    }
  })
  const { children: roots, ...pruned } = below('', -1)
  const complete = enough.length <= maxNodes
  return { memberCount: samples.length, nodeCount: nodes.length, complete, ...pruned, roots, nodes }
}

describe('the routing tree', () => {
  it.each([
    { fromLayer: 0, toLayer: 2, minMembers: 1, maxNodes: 500 },
    { fromLayer: 0, toLayer: 2, minMembers: 2, maxNodes: 500 },
    { fromLayer: 0, toLayer: 2, minMembers: 4, maxNodes: 500 },
    { fromLayer: 1, toLayer: 2, minMembers: 2, maxNodes: 500 },
    { fromLayer: 1, toLayer: 1, minMembers: 1, maxNodes: 500 },
    { fromLayer: 0, toLayer: 2, minMembers: 1, maxNodes: 1 },
    { fromLayer: 0, toLayer: 2, minMembers: 1, maxNodes: 7 },
    { fromLayer: 0, toLayer: 2, minMembers: 1, maxNodes: 25 },
    { fromLayer: 0, toLayer: 2, minMembers: 2, maxNodes: 16 },
    { fromLayer: 0, toLayer: 2, minMembers: 121, maxNodes: 16 },
  ])(
    'is that of comparing prefixes for $fromLayer..$toLayer, $minMembers members, $maxNodes nodes',
    async (asked) => {
      expect(await treeOf({ ...asked })).toEqual(expected(asked))
    },
  )

  it('of the tests has nodes of several inputs in every layer, and children that are left out', () => {
    const { nodes } = expected({ fromLayer: 0, toLayer: 2, minMembers: 2, maxNodes: 500 })
    const depths = nodes.filter(({ memberCount }) => memberCount > 2).map(({ depth }) => depth)
    expect(new Set(depths)).toEqual(new Set([0, 1, 2]))
    expect(nodes.some(({ children, prunedNodes }) => children.length > 1 && prunedNodes > 0)).toBe(true)
  })

  it('goes to the last layer, with nodes of two inputs or more, where nothing is said', async () => {
    const query =
      '{ routingTree(network: "deep", dataset: "points") { nodeCount toLayer { index } minMembers complete } }'
    const { nodeCount } = expected({ fromLayer: 0, toLayer: 2, minMembers: 2, maxNodes: 500 })
    expect(await atlas.ask(query)).toEqual({
      routingTree: { nodeCount, toLayer: { index: 2 }, minMembers: 2, complete: true },
    })
  })

  it('has no labels where the dataset has none', async () => {
    const { nodes } = await treeOf({ dataset: 'unlabelled' })
    expect(nodes.length).toBeGreaterThan(0)
    for (const node of nodes) expect(node).toMatchObject({ labelCounts: [], labelEntropy: 0 })
  })

  it('takes the codes of all positions together', async () => {
    const members = new Map<string, number>()
    for (const bits of tokenBits.map((tokens) => tokens.flat().map(Number).join('')))
      members.set(bits, (members.get(bits) ?? 0) + 1)
    const { nodes } = await treeOf({ network: 'tokens', minMembers: 1 })
    const byCount = [...members.values()].sort((a, b) => b - a)
    expect(nodes.map(({ memberCount }) => memberCount)).toEqual(byCount)
  })

  it.each([
    ['UNKNOWN_NETWORK', { network: 'nobody' }],
    ['UNKNOWN_DATASET', { dataset: 'nobody' }],
    ['BAD_SPAN', { toLayer: 3 }],
    ['BAD_SPAN', { fromLayer: 2, toLayer: 1 }],
    ['BAD_ARGUMENT', { minMembers: 0 }],
    ['BAD_ARGUMENT', { maxNodes: 0 }],
    ['TOO_MANY_REQUESTED', { maxNodes: 5001 }],
    ['NOT_COMPUTED', { network: 'mlp-a' }],
    ['NOT_COMPUTED', { network: 'mlp-b' }],
  ])('says %s', async (code, variables) => {
    expect(await atlas.codeOf(QUERY, { network: 'deep', dataset: 'points', ...variables })).toBe(code)
  })
})
