import diagnostics from 'node:diagnostics_channel'
import { graphql } from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createContextFactory, type ContextFactory } from '#atlas/src/graphql/index.js'
import { requestPartition } from '#atlas/src/jobs/commands/requestPartition.js'
import { createSeries } from '#atlas/src/store/createSeries.js'
import { openDatabase, type Database } from '#atlas/src/store/database.js'
import { ALL_POSITIONS } from '#atlas/src/store/path.js'
import { runJobs, schema, useAtlas } from './support/atlas.ts'

const atlas = useAtlas({
  partitions: ['mlp-a/0..1@points', 'mlp-b/0..1@points'],
  neighbors: { 'mlp-a/0..1@points': 5, 'mlp-b/0..1@points': 5 },
  complexes: ['mlp-a'],
  comparisons: [['mlp-a/0..1@points', 'mlp-b/0..1@points']],
  facets: { 'mlp-a/0..1@points': 500, 'mlp-b/0..1@points': 500 },
  segmentSets: ['mlp-a/0..1@points/segments:90:1', 'mlp-a/1..1@points/segments:90:1'],
  clusterings: ['mlp-a/0..1@points', 'mlp-b/0..1@points'],
})

// One connection, so that answers come in the order of the statements: what is loaded together does not hang on
// which of two connections was faster.
let db: Database
let contexts: ContextFactory
beforeAll(async () => {
  const members = ['mlp-a', 'mlp-b'].map((network, step) => ({ network, step }))
  await createSeries(atlas.db, { name: 'seeds', description: 'Two.', members })
  db = openDatabase(atlas.db.url, { connections: 1 })
  contexts = createContextFactory(db)
})
afterAll(() => db.close())

async function ask(source: string, variableValues: Record<string, unknown>): Promise<unknown> {
  const { data, errors = [] } = await graphql({
    schema,
    source,
    variableValues,
    contextValue: contexts.create(),
  })
  expect(errors).toEqual([])
  return data
}

/** Statements that a query sends. */
async function statementsOf(query: string, variables: Record<string, unknown>): Promise<string[]> {
  const statements: string[] = []
  const listen = (text: unknown) => statements.push(String(text))
  diagnostics.subscribe('atlas:sql', listen)
  try {
    await ask(query, variables)
  } finally {
    diagnostics.unsubscribe('atlas:sql', listen)
  }
  return statements
}

const NESTED: [string, string][] = [
  [
    'regions with members, codes and stored neighbours',
    `query ($first: Int) { partitions { nodes { path regions(first: $first) { totalCount nodes { path
      members(first: 3) { totalCount nodes { index label path } } code { bits } exemplar { index }
      labelCounts { className } neighbors(first: 4) { totalCount edges { distance node { memberCount path } } }
    } } } } }`,
  ],
  [
    'regions with scanned neighbours and their number',
    `query ($first: Int) { partitions { nodes { regions(first: $first) { nodes {
      neighbors(first: 20, maxDistance: 9) { totalCount pageInfo { hasNextPage } nodes { index code { bits } } }
    } } } } }`,
  ],
  [
    'regions with those that share their codes',
    `query ($first: Int) { partitions { nodes { regions(first: $first) { nodes {
      sharedWith { totalCount nodes { partition { path network { name } dataset { name } } } }
      code { regions { totalCount nodes { index } } }
    } } } } }`,
  ],
  [
    'regions with their polytopes and what lies across their facets',
    `query ($first: Int, $partition: ID!) { node(id: $partition) { ... on Partition { polytopeCount
      regions(first: $first) { nodes { polytope { facetCount chebyshevCenter inradius boxSides { axis } }
        neighbors(kind: FACET, first: 5, maxDistance: 2) { totalCount nodes { index } edges { distance layer unit offset
          code { bits } region { path memberCount } } } } } } } }`,
  ],
  [
    'inputs with values, images, predictions, regions and nearest inputs',
    `query ($first: Int, $partition: ID!) { dataset(name: "points") { inputs(first: $first) { nodes { values image
      prediction(network: "mlp-a") { label } region(partition: $partition) { index code { hash } }
      nearest(partition: $partition, first: 3) { distance input { label } }
    } } } }`,
  ],
  [
    'misfits with their inputs, regions and predictions',
    `query ($first: Int) { partitions { nodes { misfits(first: $first, minPurity: 0, minMembers: 1) { totalCount nodes {
      label input { path } regionLabel region { path purity } prediction { label } misclassified } } } } }`,
  ],
  [
    'inputs with their novelty',
    `query ($first: Int, $partition: ID!) { dataset(name: "points") { inputs(first: $first) { nodes {
      novelty(partition: $partition) { distance percentile nearest { path } } } } } }`,
  ],
  [
    'matches of a comparison',
    `query ($first: Int, $partition: ID!, $other: ID!) { comparison(a: $partition, b: $other) { a { path } b { path }
      matchedRegions(first: $first) { nodes { jaccard a { memberCount path } b { memberCount path } } }
      matchedUnits(first: $first) { nodes { correlation a { unit layer { path } } b { unit layer { path } } } }
      bitFlips { total perLayer { rate } }
    } }`,
  ],
  [
    'regions of a complex with their facets and neighbours',
    `query ($first: Int) { network(name: "mlp-a") { complexes { nodes { path degrees { degree } job { state }
      regions(first: $first) { nodes { path code { bits } affineMap { rank } facets { layer neighbor { index path } } } }
    } } } }`,
  ],
  [
    'clusterings with clusters, their regions and the tree',
    `query ($first: Int) { partitions { nodes { clusterings { path clusterCount partition { path }
      clusters(first: $first, orderBy: MEMBER_COUNT_DESC) { totalCount nodes { path stability birth labelCounts { count }
        exemplar { path } clustering { path } regions(first: 3) { totalCount nodes { path code { bits } } } } }
      tree(first: $first) { nodes { birth cluster { index } } } } } } }`,
  ],
  [
    'clusters with what their codes share and what sets them apart',
    `query ($first: Int) { partition(path: "mlp-a/0..1@points") { clusterings { clusters(first: $first) { nodes {
      sharedCode { mask perLayer { layer { path } } } distinguishingBits(first: $first) { layer unit } } } } } }`,
  ],
  [
    'regions with their clusters',
    `query ($first: Int) { partition(path: "mlp-a/0..1@points") { regions(first: $first) { nodes {
      cluster(clustering: "mlp-a/0..1@points/clusters:hamming:2:1") { path purity }
      clusterMembership(clustering: "mlp-a/0..1@points/clusters:hamming:2:1") { probability cluster { index } } } } } }`,
  ],
  [
    'segment sets with groups and segments',
    `query ($first: Int) { network(name: "mlp-a") { segmentSets { totalCount nodes { path fromLayer { path }
      groups(first: $first) { totalCount nodes { count boundaryDensity { mean low high } } }
      segments(first: $first) { totalCount nodes { length from { path label } to { path label } } }
      dense: segments(first: $first, orderBy: BOUNDARY_DENSITY_DESC, filter: { kind: BETWEEN, labels: [0] }) {
        totalCount pageInfo { hasNextPage } nodes { boundaryDensity from { values } } }
    } } } }`,
  ],
  [
    'series with their networks, and the inputs that moved',
    `query ($first: Int) { seriesList { totalCount nodes { path members { step network { name layers { path } } }
      training(dataset: "points") { steps { regionCount from { network { name } } change {
        units(first: $first) { flips } inputs(first: $first) { flips input { path label } } } } }
    } } }`,
  ],
  [
    'disagreements',
    `query ($first: Int, $partition: ID!, $other: ID!) { disagreements(a: $partition, b: $other, by: CODE, first: $first) {
      totalCount nodes { labelA labelB predictionDistance differingBitCount input { path label values } } } }`,
  ],
]

async function variablesOf(first: number) {
  const { partitions } = z
    .object({ partitions: z.object({ nodes: z.array(z.object({ id: z.string() })) }) })
    .parse(await ask('{ partitions { nodes { id } } }', {}))
  return { first, partition: partitions.nodes[0].id, other: partitions.nodes[1].id }
}

describe('the number of SQL statements', () => {
  // Fills the server's cache of codes: a first scan reads them, later ones do not.
  beforeAll(async () => {
    for (const [, query] of NESTED) await ask(query, await variablesOf(3))
  })

  it.each(NESTED)('does not grow with the rows: %s', async (_, query) => {
    const few = await statementsOf(query, await variablesOf(3))
    const many = await statementsOf(query, await variablesOf(30))
    expect(many.length).toBeGreaterThan(2)
    // What is loaded together goes out in any order.
    expect(many.sort()).toEqual(few.sort())
  })

  it('does not grow with the partitions', async () => {
    const before = await Promise.all(
      NESTED.slice(0, 3).map(async ([, query]) => statementsOf(query, { first: 5 })),
    )
    for (const network of ['mlp-a', 'mlp-b', 'tokens'])
      await requestPartition(atlas.db, {
        network,
        dataset: 'points',
        fromLayer: 0,
        toLayer: 0,
        granularity: 'WHOLE_INPUT',
        ...ALL_POSITIONS,
      })
    await runJobs(atlas.db)
    for (const [i, [, query]] of NESTED.slice(0, 3).entries()) {
      await ask(query, { first: 5 })
      const after = await statementsOf(query, { first: 5 })
      // Partitions with stored neighbours and others without reach their regions by two ways, at two moments.
      expect(after.length).toBeLessThanOrEqual(before[i].length + 4)
    }
  })

  it('is one for a count alone', async () => {
    expect(await statementsOf('{ networks { totalCount } }', {})).toHaveLength(1)
    expect(await statementsOf('{ networks { nodes { name } } }', {})).toHaveLength(1)
  })
})

it('neighbours that are all stored are not searched for, only to know whether there are more', async () => {
  // With an empty cache of codes.
  contexts = createContextFactory(db)
  const query = `query ($first: Int) { partition(path: "mlp-a/0..1@points") { regions(first: 3) { nodes {
    neighbors(first: $first) { pageInfo { hasNextPage } edges { distance } } } } } }`
  const readsAllCodes = (statements: string[]) =>
    statements.some((text) => text.includes('string_agg(c.bits'))
  expect(readsAllCodes(await statementsOf(query, { first: 5 }))).toBe(false)
  // One beyond the stored ones has to be searched for.
  expect(readsAllCodes(await statementsOf(query, { first: 6 }))).toBe(true)
})
