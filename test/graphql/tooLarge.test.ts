// What would not fit in memory is refused: a layer of a million units, whose boundaries lie evenly on a line.
import { beforeAll, expect, it } from 'vitest'
import { addDataset, addNetwork, addPartition } from '../support/atlas.ts'
import { buildModel, node } from '../support/onnx.ts'
import { runJobs, useAtlas } from './support/atlas.ts'

const atlas = useAtlas({ partitions: [] })
const UNITS = 2 ** 20
const WIDE = 'wide/0..0@pairs'

beforeAll(async () => {
  const bytes = buildModel({
    inputs: { x: ['N', 1] },
    initializers: {
      w: { shape: [1, UNITS], values: Array.from({ length: UNITS }, () => 1) },
      b: { shape: [UNITS], values: Array.from({ length: UNITS }, (_, unit) => -unit / UNITS) },
    },
    nodes: [
      node('MatMul', ['x', 'w'], 'd'),
      node('Add', ['d', 'b'], 'pre'),
      node('Relu', ['pre'], 'on'),
      node('ReduceMean', ['on'], 'scores', { axes: [1n] }),
    ],
    outputs: ['scores'],
  })
  await addNetwork(atlas.db, 'wide', bytes)
  // 33 pairs, far from each other.
  const places = Array.from({ length: 66 }, (_, i) => (Math.floor(i / 2) + 0.01 * (i % 2) + 0.5) / 33)
  await addDataset(atlas.db, 'pairs', Float32Array.from(places), 1)
  await addPartition(atlas.db, WIDE)
  await runJobs(atlas.db)
})

it.each([
  ['measureDirections', `measureDirections(input: { partition: "${WIDE}" }) { directionSet { id } }`],
  [
    'clusterRegions',
    `clusterRegions(input: { partition: "${WIDE}", metric: EUCLIDEAN, minClusterSize: 2 }) { clustering { id } }`,
  ],
])('%s says TOO_LARGE', async (_, field) => {
  expect(await atlas.codeOf(`mutation { ${field} }`)).toBe('TOO_LARGE')
})

it('the clusters of so many units say TOO_LARGE', async () => {
  const made = `mutation { clusterRegions(input: { partition: "${WIDE}", minClusterSize: 2, minSamples: 1 }) {
    clustering { id } } }`
  await atlas.ask(made)
  await runJobs(atlas.db)
  const found = await atlas.ask(`{ partition(path: "${WIDE}") { clusterings { clusterCount } } }`)
  expect(found).toEqual({ partition: { clusterings: [{ clusterCount: 33 }] } })
  const units = `{ entity(path: "wide/0") { ... on Layer { units(dataset: "pairs", first: 1) { nodes {
    clusters(clustering: "${WIDE}/clusters:hamming:2:1") { share } } } } } }`
  expect(await atlas.codeOf(units)).toBe('TOO_LARGE')
})
