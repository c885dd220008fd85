import {
  getNamedType,
  isInterfaceType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
  type GraphQLObjectType,
} from 'graphql'
import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { requestDirections } from '#atlas/src/jobs/commands/requestDirections.js'
import { requestEmbedding } from '#atlas/src/jobs/commands/requestEmbedding.js'
import { createSeries } from '#atlas/src/store/createSeries.js'
import { runJobs, schema, useAtlas } from './support/atlas.ts'

const atlas = useAtlas({
  partitions: ['mlp-a/0..1@points', 'mlp-b/0..1@points', 'tokens/0@points~positions'],
  neighbors: { 'mlp-a/0..1@points': 3 },
  complexes: ['mlp-a'],
  facets: { 'mlp-a/0..1@points': 500 },
  comparisons: [['mlp-a/0..1@points', 'mlp-b/0..1@points']],
  segmentSets: ['mlp-a/0..1@points/segments:40:1'],
  clusterings: ['mlp-a/0..1@points'],
})

beforeAll(async () => {
  const partition = await atlas.db.prisma.partition.findFirstOrThrow({
    where: { network: { name: 'mlp-a' } },
  })
  await requestDirections(atlas.db, partition.id, { components: 3, seed: 1 })
  await requestEmbedding(atlas.db, partition.id, { neighbors: 5, seed: 1 })
  await runJobs(atlas.db)
  const members = ['mlp-a', 'mlp-b'].map((network, step) => ({ network, step }))
  await createSeries(atlas.db, { name: 'seeds', description: 'Two.', members })
})

/** A selection of every field that takes no required argument, to a depth. */
function selectAll(type: GraphQLObjectType, depth: number): string {
  const fields = Object.values(type.getFields()).filter(({ args }) => !args.some(isRequiredArgument))
  const selections = fields.flatMap((field) => {
    const result = getNamedType(field.type)
    if (isLeafType(result)) return [field.name]
    if (!isObjectType(result) || depth === 0) return []
    const args = field.args.some(({ name }) => name === 'first') ? '(first: 2)' : ''
    const selection = selectAll(result, depth - 1)
    return selection === '{}' ? [] : [`${field.name}${args} ${selection}`]
  })
  return `{${selections.join(' ')}}`
}

const ids = z.object({
  entity: z.object({
    id: z.string(),
    network: z.object({ id: z.string(), layers: z.array(z.object({ id: z.string() })) }),
    dataset: z.object({ id: z.string() }),
    job: z.object({ id: z.string() }),
    regions: z.object({
      nodes: z.array(
        z.object({
          id: z.string(),
          code: z.object({ id: z.string() }),
          exemplar: z.object({ id: z.string() }),
        }),
      ),
    }),
  }),
  b: z.object({ id: z.string() }),
  a: z.object({
    complexes: z.object({
      nodes: z.array(
        z.object({ id: z.string(), regions: z.object({ nodes: z.array(z.object({ id: z.string() })) }) }),
      ),
    }),
  }),
  set: z.object({ id: z.string() }),
  clustering: z.object({ id: z.string() }),
  cluster: z.object({ id: z.string() }),
  directions: z.object({ id: z.string() }),
  map: z.object({ id: z.string() }),
  series: z.object({ id: z.string() }),
})

async function idsByType(): Promise<Map<string, string>> {
  const { entity, a, b, set, clustering, cluster, directions, map, series } = ids.parse(
    await atlas.ask(`{
      entity(path: "mlp-a/0..1@points") { ... on Partition {
        id network { id layers { id } } dataset { id } job { id }
        regions(first: 1) { nodes { id code { id } exemplar { id } } }
      } }
      b: partition(path: "mlp-b/0..1@points") { id }
      a: network(name: "mlp-a") { complexes { nodes { id regions(first: 1) { nodes { id } } } } }
      set: segmentSet(path: "mlp-a/0..1@points/segments:40:1") { id }
      clustering: entity(path: "mlp-a/0..1@points/clusters:hamming:2:1") { id }
      cluster: entity(path: "mlp-a/0..1@points/clusters:hamming:2:1/0") { id }
      directions: entity(path: "mlp-a/0..1@points/directions:3:1") { id }
      map: entity(path: "mlp-a/0..1@points/map:5:1") { id }
      series(name: "seeds") { id }
    }`),
  )
  const comparison = z.object({ comparison: z.object({ id: z.string() }) }).parse(
    await atlas.ask('query ($a: ID!, $b: ID!) { comparison(a: $a, b: $b) { id } }', {
      a: entity.id,
      b: b.id,
    }),
  )
  const [region] = entity.regions.nodes
  return new Map([
    ['Partition', entity.id],
    ['Network', entity.network.id],
    ['Layer', entity.network.layers[1].id],
    ['Dataset', entity.dataset.id],
    ['Job', entity.job.id],
    ['Region', region.id],
    ['Code', region.code.id],
    ['Input', region.exemplar.id],
    ['Comparison', comparison.comparison.id],
    ['Complex', a.complexes.nodes[0].id],
    ['ComplexRegion', a.complexes.nodes[0].regions.nodes[0].id],
    ['SegmentSet', set.id],
    ['Clustering', clustering.id],
    ['Cluster', cluster.id],
    ['DirectionSet', directions.id],
    ['Embedding', map.id],
    ['Series', series.id],
  ])
}

describe('every type with an id', () => {
  const nodeType = schema.getType('Node')
  const types = isInterfaceType(nodeType) ? [...schema.getPossibleTypes(nodeType)] : []

  it.each(types.map((type) => [type.name, type] as const))(
    '%s comes back by its id and answers all its fields, three levels deep',
    async (name, type) => {
      const id = (await idsByType()).get(name)
      const query = `query ($id: ID!) { node(id: $id) { __typename id ... on ${name} ${selectAll(type, 3)} } }`
      expect(await atlas.ask(query, { id })).toMatchObject({ node: { __typename: name, id } })
    },
  )

  it('comes back by `nodes` in the order asked for', async () => {
    const found = [...(await idsByType())]
    const answer = await atlas.ask('query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }', {
      ids: found.map(([, id]) => id).reverse(),
    })
    expect(answer).toEqual({ nodes: found.map(([__typename, id]) => ({ __typename, id })).reverse() })
  })

  it('comes back by its path', async () => {
    for (const [name, id] of await idsByType()) {
      if (['Job', 'Code', 'Comparison'].includes(name)) continue
      const query = `query ($id: ID!) { node(id: $id) { ... on ${name} { path } } }`
      const { path } = z
        .object({ node: z.object({ path: z.string() }) })
        .parse(await atlas.ask(query, { id })).node
      const answer = await atlas.ask('query ($path: String!) { entity(path: $path) { __typename id } }', {
        path,
      })
      expect(answer).toEqual({ entity: { __typename: name, id } })
    }
  })
})

describe('what is not there', () => {
  it('is null by name, path and id', async () => {
    const [network] = [...(await idsByType())].filter(([name]) => name === 'Network').map(([, id]) => id)
    const gone = Buffer.from('Network:999999').toString('base64url')
    expect(network).not.toBe(gone)
    const query = `query ($gone: ID!) {
      network(name: "none") { id } dataset(name: "none") { id } node(id: $gone) { id }
      partition(path: "mlp-a/1@none") { id } name: entity(path: "none") { id } layer: entity(path: "mlp-a/7") { id }
      input: entity(path: "points/120") { id } region: entity(path: "mlp-a/0..1@points/${'0'.repeat(32)}") { id }
      code(bits: "0101") { id }
      set: segmentSet(path: "mlp-a/0..1@points/segments:41:1") { id }
      segments: entity(path: "mlp-a/0..1@none/segments:40:1") { id }
      clustering: entity(path: "mlp-a/0..1@none/clusters:hamming:2:1") { id }
      cluster: entity(path: "mlp-a/0..1@points/clusters:jaccard:2:1/0") { id }
      map: entity(path: "mlp-a/0..1@points/map:6:1") { id }
    }`
    const names = [
      'network',
      'dataset',
      'node',
      'partition',
      'name',
      'layer',
      'input',
      'region',
      'code',
      'set',
      'segments',
      'clustering',
      'cluster',
      'map',
    ]
    expect(await atlas.ask(query, { gone })).toEqual(Object.fromEntries(names.map((name) => [name, null])))
  })

  it('is BAD_PATH, BAD_ID, TOO_MANY_REQUESTED where it cannot be', async () => {
    expect(await atlas.codeOf('{ entity(path: "a b/c") { id } }')).toBe('BAD_PATH')
    expect(await atlas.codeOf('{ partition(path: "mlp-a") { id } }')).toBe('BAD_PATH')
    expect(await atlas.codeOf('{ segmentSet(path: "mlp-a/0..1@points") { id } }')).toBe('BAD_PATH')
    expect(await atlas.codeOf('{ entity(path: "mlp-a/0..1@points/segments:0:1") { id } }')).toBe('BAD_PATH')
    expect(await atlas.codeOf('{ entity(path: "mlp-a/0..1@points/segments:1:2147483648") { id } }')).toBe(
      'BAD_PATH',
    )
    expect(await atlas.codeOf('{ entity(path: "mlp-a/0..1@points/clusters:euclid:2:1") { id } }')).toBe(
      'BAD_PATH',
    )
    expect(await atlas.codeOf('{ entity(path: "mlp-a/0..1@points/map:5:2147483648") { id } }')).toBe(
      'BAD_PATH',
    )
    expect(await atlas.codeOf('{ node(id: "nonsense") { id } }')).toBe('BAD_ID')
    const job = (await idsByType()).get('Job')
    expect(await atlas.codeOf('query ($id: ID!) { comparison(a: $id, b: $id) { id } }', { id: job })).toBe(
      'BAD_ID',
    )
    const ids = Array.from({ length: 501 }, () => job)
    expect(await atlas.codeOf('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids })).toBe(
      'TOO_MANY_REQUESTED',
    )
  })
})
