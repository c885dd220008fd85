import { groupInKeyOrder, inKeyOrder, pageLoader, tupleLoader } from './batch.ts'
import { raw, sql, type Executor, type Sql } from './database.ts'
import type { LayerRow, NetworkRow } from './models.ts'
import type { Order } from './page.ts'

const COLUMNS = raw(`n.id, n.name, n.sha256, n.description, n.tags, n.parameter_count as "parameterCount",
  n.input_type as "inputType", n.input_shape as "inputShape", n.output_shape as "outputShape", n.exactness, n.approximations,
  n.created_at as "createdAt", f.byte_count::float8 as "byteCount"`)
const FROM = raw('network n join file f using (sha256)')
const LAYER_COLUMNS =
  raw(`l.network_id as "networkId", l.index, l.name, l.operator, l.unit_count as "unitCount",
  l.position_count as "positionCount", l.position_shape as "positionShape", l.bits_per_unit as "bitsPerUnit", l.exact`)

/** Orders of `networks`. */
export const networkOrders = {
  NAME_ASC: { columns: [['n.name', 'text']] },
  CREATED_AT_DESC: {
    columns: [
      ['n.created_at', 'timestamptz'],
      ['n.id', 'int4'],
    ],
    descending: true,
  },
  PARAMETER_COUNT_DESC: {
    columns: [
      ['n.parameter_count', 'int4'],
      ['n.id', 'int4'],
    ],
    descending: true,
  },
} satisfies Record<string, Order>

/** Loaders of networks and their layers; one set a request. */
export function networkLoaders(db: Executor) {
  return {
    networkById: tupleLoader<[number], NetworkRow | null>(async (keys) => {
      const ids = keys.map(([id]) => id)
      const rows = await db.query<NetworkRow>(
        sql`select ${COLUMNS} from ${FROM} where n.id = any(${ids}::int4[])`,
      )
      return inKeyOrder(keys, rows, (row) => [row.id])
    }),
    networkByName: tupleLoader<[string], NetworkRow | null>(async (keys) => {
      const names = keys.map(([name]) => name)
      const rows = await db.query<NetworkRow>(
        sql`select ${COLUMNS} from ${FROM} where n.name = any(${names}::text[])`,
      )
      return inKeyOrder(keys, rows, (row) => [row.name])
    }),
    /** All layers of a network, in order. */
    layersOfNetwork: tupleLoader<[number], LayerRow[]>(async (keys) => {
      const ids = keys.map(([id]) => id)
      const rows = await db.query<LayerRow>(
        sql`select ${LAYER_COLUMNS} from layer l where l.network_id = any(${ids}::int4[])
            order by l.network_id, l.index`,
      )
      return groupInKeyOrder(keys, rows, (row) => [row.networkId])
    }),
    networks: pageLoader<NetworkRow>(db, { columns: COLUMNS, from: FROM, parent: [] }),
  }
}

/** Condition for the `networks` filter. */
export function networkFilter(filter: {
  nameContains?: string | null
  tag?: string | null
  exactness?: string | null
}): Sql {
  return sql`(${filter.nameContains ?? null}::text is null or position(${filter.nameContains ?? ''} in n.name) > 0)
    and (${filter.tag ?? null}::text is null or ${filter.tag ?? ''} = any(n.tags))
    and (${filter.exactness ?? null}::text is null or n.exactness::text = ${filter.exactness ?? ''})`
}
