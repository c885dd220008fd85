/**
 * Mercurius on Fastify with its just-in-time compiler, over a schema and loaders written by hand for these relations:
 * one prepared statement a loader and level, which reads the columns of the type once. The loaders' own cache is off, so
 * that their keys are not serialised: no query asks twice for the same thing within a level.
 */
import fastify from 'fastify'
import mercurius from 'mercurius'
import pg from 'pg'

const { DATABASE_URL, PORT } = process.env
const pool = new pg.Pool({ connectionString: DATABASE_URL, max: 10 })

const schema = `
  type Query {
    network(name: String!): Network
    partition(id: Int!): Partition
    region(partitionId: Int!, index: Int!): Region
  }
  type Network { name: String!, layers: [Layer!]!, partitions(first: Int!): [Partition!]! }
  type Layer { index: Int!, name: String!, operator: String!, unitCount: Int!, positionCount: Int! }
  type Partition {
    fromLayer: Int!
    toLayer: Int!
    bitCount: Int!
    siteCount: Int!
    regionCount: Int!
    labelEntropy: Float!
    regions(first: Int!): [Region!]!
  }
  type Region {
    partitionId: Int!
    index: Int!
    memberCount: Int!
    activeBitCount: Int!
    exemplarPosition: Int!
    labelEntropy: Float!
    purity: Float!
    margin: Float!
    code: Code!
    members(first: Int!): [Member!]!
    neighbors(first: Int!): [Neighbor!]!
  }
  type Code { hash: String!, bitCount: Int!, activeBitCount: Int!, hex: String! }
  type Member { inputIndex: Int!, position: Int!, margin: Float! }
  type Neighbor { distance: Int!, index: Int!, node: Region! }
`

const PARTITION = `t.id, t.from_layer as "fromLayer", t.to_layer as "toLayer", t.bit_count as "bitCount",
  t.site_count as "siteCount", t.region_count as "regionCount", t.label_entropy as "labelEntropy"`
const REGION = `r.partition_id as "partitionId", r.index, r.member_count as "memberCount",
  r.active_bit_count as "activeBitCount", r.exemplar_position as "exemplarPosition", r.label_entropy as "labelEntropy",
  r.purity, r.margin, r.code_hash as "codeHash", r.bit_count as "bitCount"`

/** Parents by one number or two, each with its place among them. */
const BY_ID = 'unnest($1::int4[]) with ordinality k(id, ordinal)'
const BY_REGION = 'unnest($1::int4[], $2::int4[]) with ordinality k(partition_id, index, ordinal)'

/** The first rows of each parent, which an index has in this order. */
const firstOfEach = (columns, parents, from, order) =>
  `select k.ordinal::int4 as ordinal, page.* from ${parents}
   cross join lateral (select ${columns} from ${from} order by ${order} limit $${parents === BY_ID ? 2 : 3}) page`

const statements = {
  network: 'select id, name from network where name = $1',
  partition: `select ${PARTITION} from partition t where t.id = $1`,
  region: `select ${REGION} from region r where r.partition_id = $1 and r.index = $2`,
  layers: `select k.ordinal::int4 as ordinal, l.index, l.name, l.operator, l.unit_count as "unitCount",
             l.position_count as "positionCount"
           from ${BY_ID} join layer l on l.network_id = k.id order by l.network_id, l.index`,
  partitions: firstOfEach(PARTITION, BY_ID, 'partition t where t.network_id = k.id', 't.id'),
  regions: firstOfEach(
    REGION,
    BY_ID,
    'region r where r.partition_id = k.id',
    'r.member_count desc, r.index desc',
  ),
  members: firstOfEach(
    'm.input_index as "inputIndex", m.position, m.margin',
    BY_REGION,
    'membership m where m.partition_id = k.partition_id and m.region = k.index',
    'm.input_index, m.position',
  ),
  neighbors: firstOfEach(
    'n.partition_id as "partitionId", n.neighbor as index, n.distance',
    BY_REGION,
    'region_neighbor n where n.partition_id = k.partition_id and n.region = k.index',
    'n.rank',
  ),
  nodes: `select k.ordinal::int4 as ordinal, ${REGION}
          from ${BY_REGION} join region r on r.partition_id = k.partition_id and r.index = k.index`,
  codes: `select k.ordinal::int4 as ordinal, c.hash, c.bit_count as "bitCount",
            c.active_bit_count as "activeBitCount", encode(c.bits, 'hex') as hex
          from unnest($1::uuid[], $2::int4[]) with ordinality k(hash, bit_count, ordinal)
          join code c on c.hash = k.hash and c.bit_count = k.bit_count`,
}

const ask = async (name, values) => (await pool.query({ name, text: statements[name], values })).rows

/** The one row of each parent. */
async function rowOfEach(name, parents, values) {
  const found = new Array(parents.length).fill(null)
  for (const row of await ask(name, values)) found[row.ordinal - 1] = row
  return found
}

/** The rows of each parent, in their order. */
async function rowsOfEach(name, parents, values) {
  const found = parents.map(() => [])
  for (const row of await ask(name, values)) found[row.ordinal - 1].push(row)
  return found
}

/** The first rows of each parent: as many as any asks for are read, and each gets as many as it asks for. */
async function pageOfEach(name, parents, ...keys) {
  const most = parents.reduce((largest, { params }) => Math.max(largest, params.first), 0)
  const found = await rowsOfEach(name, parents, [...keys, most])
  return found.map((rows, i) =>
    rows.length > parents[i].params.first ? rows.slice(0, parents[i].params.first) : rows,
  )
}

const ids = (parents) => parents.map(({ obj }) => obj.id)
const partitionIds = (parents) => parents.map(({ obj }) => obj.partitionId)
const indices = (parents) => parents.map(({ obj }) => obj.index)

const resolvers = {
  Query: {
    network: async (_, { name }) => (await ask('network', [name]))[0] ?? null,
    partition: async (_, { id }) => (await ask('partition', [id]))[0] ?? null,
    region: async (_, { partitionId, index }) => (await ask('region', [partitionId, index]))[0] ?? null,
  },
}

const uncached = (loader) => ({ loader, opts: { cache: false } })

const loaders = {
  Network: {
    layers: uncached((parents) => rowsOfEach('layers', parents, [ids(parents)])),
    partitions: uncached((parents) => pageOfEach('partitions', parents, ids(parents))),
  },
  Partition: {
    regions: uncached((parents) => pageOfEach('regions', parents, ids(parents))),
  },
  Region: {
    code: uncached((parents) =>
      rowOfEach('codes', parents, [
        parents.map(({ obj }) => obj.codeHash),
        parents.map(({ obj }) => obj.bitCount),
      ]),
    ),
    members: uncached((parents) => pageOfEach('members', parents, partitionIds(parents), indices(parents))),
    neighbors: uncached((parents) =>
      pageOfEach('neighbors', parents, partitionIds(parents), indices(parents)),
    ),
  },
  Neighbor: {
    node: uncached((parents) => rowOfEach('nodes', parents, [partitionIds(parents), indices(parents)])),
  },
}

const app = fastify()
app.register(mercurius, { schema, resolvers, loaders, jit: 1 })
await app.listen({ port: Number(PORT), host: '127.0.0.1' })
