import { z } from 'zod'
import { requestFacets } from '#atlas/src/jobs/commands/requestFacets.js'
import { addDataset, addNetwork, addPartition } from '../../support/atlas.ts'
import { buildMlp, mlpWeights, type MlpOptions } from '../../support/onnx.ts'
import { runJobs, type TestAtlas } from './atlas.ts'

/** A network of the plane, and a grid of inputs that falls into nearly all of its regions in a box. */
export const plane: MlpOptions = { sizes: [2, 8, 6, 3], seed: 3 }
const GRID = 80
export const PLANE = 'plane/0..1@grid'
/** Inside of the box of the grid, from -1 to 1, so that every region in it has room around. */
export const BOX = { lower: [-1], upper: [1, 1] }

/** Computes the facets of a partition's most populous regions, in this process. */
export async function computeFacets(
  { db }: TestAtlas,
  path: string,
  limit: number | null,
  box: typeof BOX | null = null,
): Promise<void> {
  const { partitionId } = await addPartition(db, path)
  await requestFacets(db, { partitionId, region: null, limit, box })
  await runJobs(db)
}

/** Adds the network `plane` and the dataset `grid`, with the facets of the regions of PLANE. */
export async function addPlane(atlas: TestAtlas): Promise<void> {
  await addNetwork(atlas.db, 'plane', buildMlp(plane))
  const side = (i: number) => (2 * (i + 0.5)) / GRID - 1
  const values = Array.from({ length: GRID * GRID }, (_, i) => [side(i % GRID), side(Math.floor(i / GRID))])
  await addDataset(atlas.db, 'grid', Float32Array.from(values.flat()), 2)
  await addPartition(atlas.db, PLANE)
  await runJobs(atlas.db)
  await computeFacets(atlas, PLANE, null, BOX)
}

const edge = z.object({
  distance: z.number(),
  layer: z.number(),
  unit: z.number(),
  position: z.number(),
  offset: z.number(),
  code: z.object({ bits: z.string() }),
  region: z.object({ index: z.number() }).nullable(),
})
const regions = z.object({
  partition: z.object({
    polytopeCount: z.number(),
    regions: z.object({
      nodes: z.array(
        z.object({
          index: z.number(),
          code: z.object({ bits: z.string() }),
          exemplar: z.object({ values: z.array(z.number()) }),
          polytope: z
            .object({
              facetCount: z.number(),
              chebyshevCenter: z.array(z.number()).nullable(),
              inradius: z.number().nullable(),
              complete: z.boolean(),
              box: z.object({ lower: z.array(z.number()), upper: z.array(z.number()) }).nullable(),
              boxSides: z.array(z.object({ axis: z.number(), side: z.string(), offset: z.number() })),
            })
            .nullable(),
          neighbors: z.object({ totalCount: z.number(), edges: z.array(edge) }),
        }),
      ),
    }),
  }),
})

/** The most populous regions with their facets. */
export async function regionsOf(atlas: TestAtlas, path: string, first: number) {
  const query = `query ($path: String!, $first: Int) { partition(path: $path) { polytopeCount
    regions(first: $first, orderBy: MEMBER_COUNT_DESC) { nodes { index code { bits } exemplar { values }
      polytope { facetCount chebyshevCenter inradius complete box { lower upper } boxSides { axis side offset } }
      neighbors(kind: FACET, first: 500) { totalCount edges {
        distance layer unit position offset code { bits } region { index } } } } } } }`
  return regions.parse(await atlas.ask(query, { path, first })).partition
}

/** The half-spaces of a code in a network's input space, one a unit, worked out with its weights; then those of a box. */
export function halfSpacesOf(
  net: MlpOptions,
  code: string,
  at: readonly number[],
  box: { low: number; high: number } | null,
) {
  const [inputs] = net.sizes
  const layers = mlpWeights(net).slice(0, -1)
  let rows = Array.from({ length: inputs }, (_, i) => [...at.map((_, j) => Number(i === j)), 0])
  const normals: number[] = []
  const offsets: number[] = []
  const add = (row: readonly number[], sign: number) => {
    const length = Math.hypot(...row.slice(0, inputs))
    normals.push(...row.slice(0, inputs).map((value) => (sign * value) / length))
    offsets.push((-sign * row.reduce((sum, value, j) => sum + value * (at[j] ?? 1), 0)) / length)
  }
  let bit = 0
  for (const { outputs, weights, bias } of layers) {
    const pre = Array.from({ length: outputs }, (_, unit) =>
      rows.reduce(
        (sum, row, i) => sum.map((value, j) => value + weights[i * outputs + unit] * row[j]),
        [...at.map(() => 0), bias[unit]],
      ),
    )
    rows = pre.map((row) => {
      const on = code[bit++] === '1'
      add(row, on ? -1 : 1)
      return on ? row : row.map(() => 0)
    })
  }
  if (box)
    at.forEach((_, axis) => {
      const unit = at.map((_, j) => Number(axis === j))
      add([...unit, -box.low], -1)
      add([...unit, -box.high], 1)
    })
  return {
    rows: offsets.length,
    dimension: inputs,
    normals: Float64Array.from(normals),
    offsets: Float64Array.from(offsets),
  }
}
