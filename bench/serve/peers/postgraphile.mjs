/**
 * PostGraphile over the atlas's tables, as its documentation has it for production: the Amber preset, no GraphiQL and no
 * watching, prepared statements as they come. Smart tags name the relations that have no foreign key in the database, and
 * the one key that is a unique index alone.
 */
import { createServer } from 'node:http'
import { makePgService } from 'postgraphile/adaptors/pg'
import { grafserv } from 'postgraphile/grafserv/node'
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber'
import { postgraphile } from 'postgraphile'
import { pgSmartTags } from 'postgraphile/utils'

const { DATABASE_URL, PORT } = process.env

/** A reference from some columns to others, and the fields that it becomes on both sides. */
const reference = (from, to, field, back) =>
  `(${from}) references ${to}|@fieldName ${field}|@foreignFieldName ${back}`

const tags = pgSmartTags([
  {
    kind: 'class',
    match: 'region',
    tags: { foreignKey: reference('code_hash, bit_count', 'code (hash, bit_count)', 'code', 'regions') },
  },
  {
    kind: 'class',
    match: 'membership',
    tags: {
      foreignKey: reference('partition_id, region', 'region (partition_id, index)', 'ofRegion', 'members'),
    },
  },
  {
    kind: 'class',
    match: 'region_neighbor',
    tags: {
      foreignKey: [
        reference('partition_id, region', 'region (partition_id, index)', 'ofRegion', 'neighbors'),
        reference('partition_id, neighbor', 'region (partition_id, index)', 'node', 'neighborOf'),
      ],
    },
  },
  // A unique index, which is no constraint.
  { kind: 'class', match: 'network', tags: { unique: 'name' } },
])

const pgl = postgraphile({
  extends: [PostGraphileAmberPreset],
  plugins: [tags],
  pgServices: [makePgService({ connectionString: DATABASE_URL, schemas: ['public'] })],
  grafserv: { graphqlPath: '/graphql', watch: false, graphiql: false, websockets: false },
  grafast: { explain: false },
})
const server = createServer()
await pgl.createServ(grafserv).addTo(server)
server.listen(Number(PORT), '127.0.0.1')
