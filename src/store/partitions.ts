import { inKeyOrder, pageLoader, tupleLoader } from './batch.ts'
import { columnsOf } from './columnsOf.ts'
import { raw, sql, type Executor, type Sql } from './database.ts'
import type { PartitionRow } from './models.ts'
import type { Order } from './page.ts'
import type { PartitionKey } from './path.ts'

const COLUMNS =
  raw(`t.id, t.network_id as "networkId", t.dataset_id as "datasetId", t.from_layer as "fromLayer",
  t.to_layer as "toLayer", t.granularity, t.position_start as "positionStart",
  t.position_step as "positionStep", t.bit_count as "bitCount", t.site_count as "siteCount",
  t.region_count as "regionCount", t.label_entropy as "labelEntropy", t.computed_at as "computedAt",
  t.neighbor_count as "neighborCount", t.job_id as "jobId", t.created_at as "createdAt"`)

export const partitionOrder: Order = { columns: [['t.id', 'int4']] }

/** A partition's natural key as a tuple: the network's and the dataset's name, then the partition's own columns. */
export type PartitionTuple = [string, string, number, number, string, number, number]

export function partitionTuple(key: PartitionKey): PartitionTuple {
  const { network, dataset, fromLayer, toLayer, granularity, positionStart, positionStep } = key
  return [network, dataset, fromLayer, toLayer, granularity, positionStart, positionStep]
}

/** Loaders of partitions; one set a request. */
export function partitionLoaders(db: Executor) {
  return {
    partitionById: tupleLoader<[number], PartitionRow | null>(async (keys) => {
      const ids = keys.map(([id]) => id)
      const rows = await db.query<PartitionRow>(
        sql`select ${COLUMNS} from partition t where t.id = any(${ids}::int4[])`,
      )
      return inKeyOrder(keys, rows, (row) => [row.id])
    }),
    partitionByKey: tupleLoader<PartitionTuple, PartitionRow | null>(async (keys) => {
      const [networks, datasets, from, to, granularity, start, step] = columnsOf(keys, 7)
      const rows = await db.query<PartitionRow & { network: string; dataset: string }>(
        sql`select ${COLUMNS}, k.network, k.dataset
            from unnest(${networks}::text[], ${datasets}::text[], ${from}::int4[], ${to}::int4[],
              ${granularity}::text[], ${start}::int4[], ${step}::int4[])
              k(network, dataset, from_layer, to_layer, granularity, position_start, position_step)
            join network n on n.name = k.network
            join dataset d on d.name = k.dataset
            join partition t on t.network_id = n.id and t.dataset_id = d.id and t.from_layer = k.from_layer
              and t.to_layer = k.to_layer and t.granularity::text = k.granularity
              and t.position_start = k.position_start and t.position_step = k.position_step`,
      )
      return inKeyOrder(keys, rows, (row) => partitionTuple(row))
    }),
    partitions: pageLoader<PartitionRow>(db, { columns: COLUMNS, from: raw('partition t'), parent: [] }),
    partitionsOfNetwork: pageLoader<PartitionRow>(db, {
      columns: COLUMNS,
      from: raw('partition t'),
      parent: [['t.network_id', 'int4']],
    }),
  }
}

/** Condition for the `partitions` filter. */
export function partitionFilter(filter: {
  network?: string | null
  dataset?: string | null
  fromLayer?: number | null
  toLayer?: number | null
  granularity?: string | null
}): Sql {
  const { network = null, dataset = null, fromLayer = null, toLayer = null, granularity = null } = filter
  return sql`(${network}::text is null or t.network_id = (select id from network where name = ${network}::text))
    and (${dataset}::text is null or t.dataset_id = (select id from dataset where name = ${dataset}::text))
    and (${fromLayer}::int4 is null or t.from_layer = ${fromLayer}::int4)
    and (${toLayer}::int4 is null or t.to_layer = ${toLayer}::int4)
    and (${granularity}::text is null or t.granularity::text = ${granularity}::text)`
}
