import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { importNetwork } from '#atlas/src/jobs/commands/importNetwork.js'
import { deleteNetwork } from '#atlas/src/store/deleteEntity.js'
import { raw } from '#atlas/src/store/database.js'
import { storeBytes } from '../support/atlas.ts'
import { cube, explore, type FoundRegion } from '../support/explore.ts'
import { buildMlp, type MlpOptions } from '../support/onnx.ts'
import { runJobs, useAtlas } from './support/atlas.ts'
import { allPages } from './support/paging.ts'

const atlas = useAtlas({ partitions: [] })
const net: MlpOptions = { sizes: [3, 10, 8, 2], seed: 12 }
const HALF = 1

const ENUMERATE = `mutation ($input: EnumerateRegionsInput!) { enumerateRegions(input: $input) {
  complex { path regionCount frontierCount complete limit } job { id } } }`

const payload = z.object({
  enumerateRegions: z.object({
    complex: z.object({
      path: z.string(),
      regionCount: z.number(),
      frontierCount: z.number(),
      complete: z.boolean(),
      limit: z.number(),
    }),
    job: z.object({ id: z.string() }).nullable(),
  }),
})

const request = { network: 'cut', box: { lower: [-HALF], upper: [HALF, HALF, HALF] }, limit: 1_000 }

async function enumerate(input: object = request) {
  return payload.parse(await atlas.ask(ENUMERATE, { input })).enumerateRegions
}

let reference: FoundRegion[]
let path: string

beforeAll(async () => {
  const bytes = buildMlp(net)
  const file = await storeBytes(atlas.db, bytes)
  await importNetwork(atlas.db, { name: 'cut', file, description: '', tags: [] })
  reference = await explore(bytes, 1, cube(3, HALF))
  const asked = await enumerate()
  path = asked.complex.path
  expect(asked.complex).toMatchObject({ regionCount: 0, complete: false })
  expect(asked.job).not.toBeNull()
  await runJobs(atlas.db)
})

const paged = z.object({
  complex: z.object({
    regions: z.object({
      totalCount: z.number(),
      nodes: z.array(z.object({ index: z.number() })),
      pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
    }),
  }),
})

describe('the regions of a box', () => {
  const regionsShape = z.object({
    complex: z.object({
      regions: z.object({
        nodes: z.array(
          z.object({
            index: z.number(),
            path: z.string(),
            center: z.array(z.number()),
            inradius: z.number(),
            degree: z.number(),
            complete: z.boolean(),
            code: z.object({ bits: z.string() }),
            affineMap: z.object({
              rank: z.number(),
              singularValues: z.tuple([z.number(), z.number()]),
              matrix: z.array(z.array(z.number())),
              bias: z.array(z.number()),
            }),
            facets: z.array(
              z.object({
                distance: z.number(),
                layer: z.number().nullable(),
                unit: z.number().nullable(),
                position: z.number().nullable(),
                axis: z.number().nullable(),
                side: z.string().nullable(),
                neighbor: z.object({ index: z.number() }).nullable(),
              }),
            ),
          }),
        ),
      }),
    }),
  })

  it('are those that the search finds, in its order, with their neighbours and maps', async () => {
    const { complex } = regionsShape.parse(
      await atlas.ask(
        `query ($path: String!) { complex(path: $path) { regions(first: 500) { nodes {
          index path center inradius degree complete code { bits } affineMap(full: true) { rank singularValues matrix bias }
          facets { distance layer unit position axis side neighbor { index } } } } } }`,
        { path },
      ),
    )
    const { nodes } = complex.regions
    expect(nodes.length).toBe(reference.length)
    nodes.forEach((node, index) => {
      const expected = reference[index]
      expect(node).toMatchObject({
        index,
        center: expected.center,
        inradius: expected.inradius,
        complete: true,
      })
      expect(node.code.bits).toBe(expected.code)
      expect(node.affineMap.matrix.flatMap((row, i) => [...row, node.affineMap.bias[i]])).toEqual(
        expected.map,
      )
      expectSingularValues(node.affineMap)
      const inner = node.facets.filter(({ side }) => side === null)
      expect(inner.length).toBe(node.degree)
      expect(
        inner.map(({ layer, unit, neighbor, distance }) => ({
          bit: (layer === 0 ? 0 : 10) + (unit ?? Number.NaN),
          neighbor: neighbor?.index,
          distance,
        })),
      ).toEqual(expected.facets)
      for (const { side, layer, neighbor } of node.facets)
        if (side) expect([layer, neighbor]).toEqual([null, null])
    })
    const sides = nodes.flatMap(({ facets }) =>
      facets.flatMap(({ axis, side }) => (side ? [`${axis} ${side}`] : [])),
    )
    expect(new Set(sides).size).toBe(6)
  })

  /** Of the two rows of A: their squares add up to the trace of A Aᵀ, and multiply to its determinant. */
  function expectSingularValues({
    matrix,
    singularValues,
    rank,
  }: Readonly<{
    matrix: number[][]
    singularValues: [number, number]
    rank: number
  }>): void {
    const dot = (a: number[], b: number[]) => a.reduce((sum, value, j) => sum + value * b[j], 0)
    const [a, b] = matrix
    const [first, second] = singularValues
    const size = dot(a, a) + dot(b, b)
    expect(Math.abs(first ** 2 + second ** 2 - size)).toBeLessThan(1e-12 * (1 + size))
    const determinant = dot(a, a) * dot(b, b) - dot(a, b) ** 2
    expect(Math.abs((first * second) ** 2 - determinant)).toBeLessThan(1e-12 * (1 + size ** 2))
    expect(rank).toBe([first, second].filter((value) => value > 1e-9 * first).length)
  }

  it('are counted, by degree as well', async () => {
    const answer = z
      .object({
        complex: z.object({
          degrees: z.array(z.object({ degree: z.number(), regionCount: z.number() })),
          meanDegree: z.number(),
          box: z.object({ lower: z.array(z.number()), upper: z.array(z.number()) }),
          toLayer: z.object({ index: z.number() }),
          network: z.object({ complexes: z.object({ totalCount: z.number() }) }),
          bitCount: z.number(),
          regionCount: z.number(),
          complete: z.boolean(),
        }),
      })
      .parse(
        await atlas.ask(
          `query ($path: String!) { complex(path: $path) { degrees { degree regionCount } meanDegree
            box { lower upper } toLayer { index } network { complexes { totalCount } } bitCount regionCount complete } }`,
          { path },
        ),
      )
    const degrees = reference.map(({ facets }) => facets.length)
    expect(answer.complex).toMatchObject({
      box: { lower: [-HALF, -HALF, -HALF], upper: [HALF, HALF, HALF] },
      toLayer: { index: 1 },
      network: { complexes: { totalCount: 1 } },
      bitCount: 18,
      regionCount: reference.length,
      complete: true,
    })
    for (const { degree, regionCount } of answer.complex.degrees)
      expect(regionCount).toBe(degrees.filter((value) => value === degree).length)
    expect(answer.complex.meanDegree).toBeCloseTo(degrees.reduce((a, b) => a + b, 0) / degrees.length, 12)
  })

  it.each(['INRADIUS_DESC', 'DEGREE_ASC', 'INDEX_ASC'])('are paged by %s', async (orderBy) => {
    const pages = await allPages(async (after) => {
      const answer = await atlas.ask(
        `query ($path: String!, $orderBy: ComplexRegionOrder, $after: String) { complex(path: $path) {
          regions(first: 37, after: $after, orderBy: $orderBy) {
            nodes { index } totalCount pageInfo { hasNextPage endCursor } } } }`,
        { path, orderBy, after },
      )
      return paged.parse(answer).complex.regions
    })
    expect(pages[0].totalCount).toBe(reference.length)
    const indices = pages.flatMap(({ nodes }) => nodes.map(({ index }) => index))
    const value = (index: number) =>
      orderBy === 'INRADIUS_DESC'
        ? -reference[index].inradius
        : orderBy === 'DEGREE_ASC'
          ? reference[index].facets.length
          : 0
    expect(indices.length).toBe(reference.length)
    const sign = orderBy === 'INRADIUS_DESC' ? -1 : 1
    const sorted = [...reference.keys()].sort((a, b) => value(a) - value(b) || sign * (a - b))
    expect(indices).toEqual(sorted)
  })
})

describe('a complex and its regions', () => {
  const answered = z.object({
    complex: z.object({
      id: z.string(),
      region: z.object({ id: z.string(), path: z.string(), index: z.number() }),
      none: z.null(),
    }),
  })

  it('are found by bits, by path and by id', async () => {
    const { complex } = answered.parse(
      await atlas.ask(
        `query ($path: String!, $bits: BitString!, $none: BitString!) { complex(path: $path) {
          id region(bits: $bits) { id path index } none: region(bits: $none) { id } } }`,
        { path, bits: reference[5].code, none: absentCode() },
      ),
    )
    expect(complex.region.index).toBe(5)
    const { region } = complex
    expect(
      await atlas.ask(
        `query ($path: String!, $regionPath: String!, $id: ID!, $regionId: ID!) {
          a: entity(path: $path) { __typename id } b: entity(path: $regionPath) { __typename id }
          c: node(id: $id) { __typename ... on Complex { path } }
          d: node(id: $regionId) { __typename ... on ComplexRegion { path complex { path } } } }`,
        { path, regionPath: region.path, id: complex.id, regionId: region.id },
      ),
    ).toEqual({
      a: { __typename: 'Complex', id: complex.id },
      b: { __typename: 'ComplexRegion', id: region.id },
      c: { __typename: 'Complex', path },
      d: { __typename: 'ComplexRegion', path: region.path, complex: { path } },
    })
    expect(await atlas.ask('{ complex(path: "cut/0..1@box:0123456789abcdef") { id } }')).toEqual({
      complex: null,
    })
  })

  /** A code that no region has. */
  function absentCode(): string {
    const codes = new Set(reference.map(({ code }) => code))
    for (let number = 0; ; number++) {
      const code = number.toString(2).padStart(18, '0')
      if (!codes.has(code)) return code
    }
  }

  it('share their codes with regions of partitions', async () => {
    const answer = z
      .object({
        complex: z.object({
          regions: z.object({
            nodes: z.array(z.object({ code: z.object({ regions: z.object({ totalCount: z.number() }) }) })),
          }),
        }),
      })
      .parse(
        await atlas.ask(
          'query ($path: String!) { complex(path: $path) { regions { nodes { code { regions { totalCount } } } } } }',
          { path },
        ),
      )
    for (const { code } of answer.complex.regions.nodes) expect(code.regions.totalCount).toBe(0)
  })
})

describe('an enumeration', () => {
  it('is the same one for the same box, and needs no second job', async () => {
    expect(await enumerate({ ...request, box: { lower: [-1, -1, -1], upper: [1] }, limit: 5 })).toEqual({
      complex: { path, regionCount: reference.length, frontierCount: 0, complete: true, limit: 1000 },
      job: null,
    })
  })

  it('stops at its limit, says so, and goes on with the same numbers where more is asked for', async () => {
    const box = { network: 'cut', box: { lower: [-HALF, -HALF, -HALF], upper: [HALF, HALF, HALF + 1] } }
    const first = await enumerate({ ...box, limit: 33 })
    expect(await atlas.codeOf(ENUMERATE, { input: { ...box, limit: 34 } })).toBe('ENUMERATION_RUNNING')
    expect((await enumerate({ ...box, limit: 33 })).job).toEqual(first.job)
    await runJobs(atlas.db)
    const stopped = await enumerate({ ...box, limit: 20 })
    expect(stopped).toMatchObject({ job: null, complex: { regionCount: 33, complete: false, limit: 33 } })
    expect(stopped.complex.frontierCount).toBeGreaterThan(0)
    const codes = await readCodes()
    expect(codes.length).toBe(33)
    expect((await enumerate({ ...box, limit: 10_000 })).job).not.toBeNull()
    await runJobs(atlas.db)
    const whole = await readCodes()
    expect(whole.slice(0, 33)).toEqual(codes)
    const expected = await explore(buildMlp(net), 1, {
      lower: Float64Array.of(-HALF, -HALF, -HALF),
      upper: Float64Array.of(HALF, HALF, HALF + 1),
    })
    expect(whole).toEqual(expected.map(({ code }) => code))
    expect(await enumerate({ ...box, limit: 10_000 })).toMatchObject({
      job: null,
      complex: { complete: true },
    })

    async function readCodes(): Promise<string[]> {
      const answer = await atlas.ask(
        'query ($path: String!) { complex(path: $path) { regions(first: 500) { nodes { code { bits } } } } }',
        { path: first.complex.path },
      )
      return z
        .object({
          complex: z.object({
            regions: z.object({ nodes: z.array(z.object({ code: z.object({ bits: z.string() }) })) }),
          }),
        })
        .parse(answer)
        .complex.regions.nodes.map(({ code }) => code.bits)
    }
  })

  it.each([
    ['UNKNOWN_NETWORK', { network: 'nobody' }],
    ['BAD_BOX', { box: { lower: [1], upper: [1] } }],
    ['BAD_BOX', { box: { lower: [0, 0], upper: [1] } }],
    ['BAD_BOX', { box: { lower: [2, 0, 0], upper: [1] } }],
    ['BAD_BOX', { box: { lower: [0], upper: [] } }],
    ['BAD_SPAN', { toLayer: 2 }],
    ['BAD_SPAN', { toLayer: -1 }],
    ['BAD_ARGUMENT', { limit: 0 }],
    ['BAD_ARGUMENT', { limit: 10_000_001 }],
  ])('is refused with %s for %j', async (code, change) => {
    expect(await atlas.codeOf(ENUMERATE, { input: { ...request, ...change } })).toBe(code)
  })

  it('is refused in many dimensions', async () => {
    const file = await storeBytes(atlas.db, buildMlp({ sizes: [17, 4, 2], seed: 1 }))
    await importNetwork(atlas.db, { name: 'wide', file, description: '', tags: [] })
    expect(await atlas.codeOf(ENUMERATE, { input: { ...request, network: 'wide' } })).toBe(
      'TOO_MANY_DIMENSIONS',
    )
  })

  it('goes with its network, and so do the codes that nobody else has', async () => {
    const file = await storeBytes(atlas.db, buildMlp({ ...net, seed: 13 }))
    await importNetwork(atlas.db, { name: 'gone', file, description: '', tags: [] })
    const before = await count('code')
    await enumerate({ ...request, network: 'gone' })
    await runJobs(atlas.db)
    expect(await count('code')).toBeGreaterThan(before)
    await deleteNetwork(atlas.db, 'gone')
    expect(await count('code')).toBe(before)
  })

  async function count(table: string): Promise<number> {
    const [row] = await atlas.db.query<{ count: number }>(raw(`select count(*)::int4 as count from ${table}`))
    return row.count
  }
})
