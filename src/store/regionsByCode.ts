import { inKeyOrder, pageLoader, tupleLoader } from './batch.ts'
import { columnsOf } from './columnsOf.ts'
import { raw, sql, type Database } from './database.ts'
import type { RegionRow } from './models.ts'
import { REGION_COLUMNS } from './regionColumns.ts'

/** Loaders of regions by their codes; one set a request. */
export function regionByCodeLoaders(db: Database) {
  return {
    /** By (partition, code hash as 32 hexadecimal digits). */
    regionByCode: tupleLoader<[number, string], RegionRow | null>(async (keys) => {
      const [partitions, hashes] = columnsOf(keys, 2)
      const rows = await db.query<RegionRow>(
        sql`select ${REGION_COLUMNS} from unnest(${partitions}::int4[], ${hashes}::uuid[]) k(partition_id, code_hash)
            join partition t on t.id = k.partition_id
            join region r on r.code_hash = k.code_hash and r.bit_count = t.bit_count
              and r.partition_id = k.partition_id`,
      )
      return inKeyOrder(keys, rows, (row) => [row.partitionId, row.codeHash])
    }),
    /**
     * By (network, first layer, last layer, code hash): in the first of the network's WHOLE_INPUT partitions with this
     * span that has the code.
     */
    regionOfSpan: tupleLoader<[number, number, number, string], RegionRow | null>(async (keys) => {
      const [networks, from, to, hashes] = columnsOf(keys, 4)
      const rows = await db.query<RegionRow & { networkId: number; fromLayer: number; toLayer: number }>(
        sql`select distinct on (t.network_id, t.from_layer, t.to_layer, r.code_hash) ${REGION_COLUMNS},
              t.network_id as "networkId", t.from_layer as "fromLayer", t.to_layer as "toLayer"
            from unnest(${networks}::int4[], ${from}::int4[], ${to}::int4[], ${hashes}::uuid[])
              k(network_id, from_layer, to_layer, code_hash)
            join partition t on t.network_id = k.network_id and t.from_layer = k.from_layer
              and t.to_layer = k.to_layer and t.granularity = 'WHOLE_INPUT'
            join region r on r.code_hash = k.code_hash and r.bit_count = t.bit_count and r.partition_id = t.id
            order by t.network_id, t.from_layer, t.to_layer, r.code_hash, t.id`,
      )
      return inKeyOrder(keys, rows, (row) => [row.networkId, row.fromLayer, row.toLayer, row.codeHash])
    }),
    regionsOfCode: pageLoader<RegionRow>(db, {
      columns: REGION_COLUMNS,
      from: raw('region r'),
      parent: [
        ['r.code_hash', 'uuid'],
        ['r.bit_count', 'int4'],
      ],
    }),
    /** The other partitions' regions of a code; by (code hash, bit count, partition to leave out). */
    regionsElsewhere: pageLoader<RegionRow>(db, {
      columns: REGION_COLUMNS,
      from: raw('region r'),
      parent: [
        ['r.code_hash', 'uuid'],
        ['r.bit_count', 'int4'],
        ['r.partition_id', 'int4', '<>'],
      ],
    }),
  }
}
