import { columnsOf, groupInKeyOrder, tupleLoader } from './batch.ts'
import { raw, sql, type Database } from './database.ts'
import type { RegionNeighborRow } from './models.ts'

/** Loader of the stored nearest neighbours of a region, nearest first; by (partition, region, how many). */
export function neighborLoaders(db: Database) {
  return {
    neighbors: tupleLoader<[number, number, number], RegionNeighborRow[]>(async (keys) => {
      const [partitions, regions, firsts] = columnsOf(keys, 3)
      const rows = await db.query<RegionNeighborRow & { first: number }>(
        sql`select ${raw('n.partition_id as "partitionId", n.region, n.neighbor, n.distance, k.first')}
            from unnest(${partitions}::int4[], ${regions}::int4[], ${firsts}::int4[])
              k(partition_id, region, first)
            join region_neighbor n on n.partition_id = k.partition_id and n.region = k.region and n.rank < k.first
            order by n.partition_id, n.region, n.rank`,
      )
      return groupInKeyOrder(keys, rows, (row) => [row.partitionId, row.region, row.first])
    }),
  }
}
