import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { singularValues } from '#atlas/compute/geometry/index.js'
import { depthsByHighs, inradiusByHighs } from '../support/depths.ts'
import { useAtlas } from './support/atlas.ts'
import { addPlane, BOX, computeFacets, halfSpacesOf, PLANE, plane, regionsOf } from './support/facets.ts'
import { allPages } from './support/paging.ts'

const atlas = useAtlas({ partitions: ['mlp-a/0..1@points'] })

beforeAll(async () => {
  await addPlane(atlas)
  await computeFacets(atlas, 'mlp-a/0..1@points', 20)
})

const flipped = (code: string, bit: number) =>
  code.slice(0, bit) + (code[bit] === '1' ? '0' : '1') + code.slice(bit + 1)

describe('facet neighbours', () => {
  it.each([
    ['mlp-a/0..1@points', { sizes: [6, 16, 10, 4], seed: 4 }, null, 20],
    [PLANE, plane, { low: -1, high: 1 }, 500],
  ] as const)('in %s are those that HiGHS finds, with the codes across', async (path, net, box, count) => {
    const partition = await regionsOf(atlas, path, count)
    expect(partition.polytopeCount).toBe(partition.regions.nodes.length)
    expect(partition.polytopeCount).toBeGreaterThan(10)
    const unitCounts = net.sizes.slice(1, -1)
    for (const { code, exemplar, polytope, neighbors } of partition.regions.nodes) {
      const rows = halfSpacesOf(net, code.bits, exemplar.values, box)
      const facets = [...depthsByHighs(rows, 1).entries()].filter(([, depth]) => depth > 1e-7)
      const units = facets.filter(([row]) => row < code.bits.length)
      expect(polytope).toMatchObject({ facetCount: facets.length, complete: true })
      const inradius = inradiusByHighs(rows)
      if (inradius === Infinity) expect(polytope).toMatchObject({ inradius: null, chebyshevCenter: null })
      else expect(polytope?.inradius).toBeCloseTo(inradius, 8)
      const expected = units
        .map(([bit]) => ({ bit, offset: rows.offsets[bit] }))
        .sort((a, b) => a.offset - b.offset)
      expect(neighbors.totalCount).toBe(units.length)
      expect(neighbors.edges.map(({ offset }) => offset)).toEqual(
        expected.map(({ offset }) => expect.closeTo(offset, 9)),
      )
      expect(neighbors.edges).toMatchObject(
        expected.map(({ bit }) => ({
          distance: 1,
          layer: bit < unitCounts[0] ? 0 : 1,
          unit: bit < unitCounts[0] ? bit : bit - unitCounts[0],
          position: 0,
          code: { bits: flipped(code.bits, bit) },
        })),
      )
    }
  })

  it('are symmetric between the regions of a partition, with one distance between their codes', async () => {
    const { nodes } = (await regionsOf(atlas, PLANE, 500)).regions
    const faces = nodes.flatMap(({ index, neighbors }) =>
      neighbors.edges.map(({ region, layer, unit }) => ({
        from: index,
        to: region?.index ?? null,
        layer,
        unit,
      })),
    )
    const inner = faces.filter(({ to }) => to !== null)
    expect(inner.length).toBeGreaterThan(nodes.length)
    for (const { from, to, layer, unit } of inner)
      expect(faces).toContainEqual({ from: to, to: from, layer, unit })
  })

  it('differ by rank 1 in their affine maps', async () => {
    const query = `query ($path: String!) { partition(path: $path) { regions(first: 20, orderBy: MEMBER_COUNT_DESC) {
      nodes { affineMap(full: true) { matrix }
        neighbors(kind: FACET, first: 500) { nodes { affineMap(full: true) { matrix } } } } } } }`
    const map = z.object({ affineMap: z.object({ matrix: z.array(z.array(z.number())) }) })
    const node = map.extend({ neighbors: z.object({ nodes: z.array(map) }) })
    const answer = z
      .object({ partition: z.object({ regions: z.object({ nodes: z.array(node) }) }) })
      .parse(await atlas.ask(query, { path: PLANE }))
    let pairs = 0
    for (const { affineMap, neighbors } of answer.partition.regions.nodes)
      for (const other of neighbors.nodes) {
        const difference = affineMap.matrix.flatMap((row, i) =>
          row.map((value, j) => value - other.affineMap.matrix[i][j]),
        )
        const [first, second] = singularValues(Float64Array.from(difference), 3, 2)
        // Where the unit that switches reaches no score, the maps are the same.
        expect(second).toBeLessThanOrEqual(1e-12 * Math.max(1, first))
        pairs++
      }
    expect(pairs).toBeGreaterThan(20)
  })

  it('come page by page, within a distance, and have no node where no input lies', async () => {
    const [{ index, neighbors }] = (await regionsOf(atlas, 'mlp-a/0..1@points', 1)).regions.nodes
    const query = `query ($path: String!, $after: String, $maxDistance: Int) { partition(path: $path) {
      regions(first: 1, orderBy: MEMBER_COUNT_DESC) { nodes { index neighbors(kind: FACET, first: 3, after: $after,
        maxDistance: $maxDistance) { totalCount pageInfo { hasNextPage hasPreviousPage endCursor }
        edges { unit layer offset } } } } } }`
    const page = z.object({
      totalCount: z.number(),
      pageInfo: z.object({
        hasNextPage: z.boolean(),
        hasPreviousPage: z.boolean(),
        endCursor: z.string().nullable(),
      }),
      edges: z.array(z.object({ unit: z.number(), layer: z.number(), offset: z.number() })),
    })
    const answer = z.object({
      partition: z.object({
        regions: z.object({ nodes: z.tuple([z.object({ index: z.literal(index), neighbors: page })]) }),
      }),
    })
    const read = async (variables: { after?: string | null; maxDistance?: number }) =>
      answer.parse(await atlas.ask(query, { path: 'mlp-a/0..1@points', ...variables })).partition.regions
        .nodes[0].neighbors
    const pages = await allPages((after) => read({ after }))
    expect(pages.length).toBe(Math.ceil(neighbors.totalCount / 3))
    expect(pages.map(({ pageInfo }) => pageInfo.hasPreviousPage)).toEqual(pages.map((_, i) => i > 0))
    expect(pages.flatMap(({ edges }) => edges)).toEqual(
      neighbors.edges.map(({ unit, layer, offset }) => ({ unit, layer, offset })),
    )
    expect(await read({ maxDistance: 0 })).toMatchObject({ totalCount: 0, edges: [] })
    expect(await read({ maxDistance: 1 })).toMatchObject({ totalCount: neighbors.totalCount })
    expect(neighbors.edges.some(({ region }) => region === null)).toBe(true)
    const nodes = `{ partition(path: "mlp-a/0..1@points") { regions(first: 1, orderBy: MEMBER_COUNT_DESC) {
      nodes { neighbors(kind: FACET, first: 500) { edges { node { index } } } } } } }`
    expect(await atlas.codeOf(nodes)).toBe('NO_REGION')
  })
})

describe('a polytope cut off at a box', () => {
  it('says which box, and which of its sides are faces', async () => {
    const { nodes } = (await regionsOf(atlas, PLANE, 500)).regions
    let sides = 0
    for (const { exemplar, polytope, neighbors } of nodes) {
      expect(polytope?.box).toEqual(BOX)
      expect(polytope?.facetCount).toBe(neighbors.totalCount + (polytope?.boxSides.length ?? 0))
      for (const { axis, side, offset } of polytope?.boxSides ?? []) {
        sides++
        expect(offset).toBeCloseTo(
          side === 'UPPER' ? 1 - exemplar.values[axis] : exemplar.values[axis] + 1,
          9,
        )
      }
    }
    expect(sides).toBeGreaterThanOrEqual(4)
  })
})
