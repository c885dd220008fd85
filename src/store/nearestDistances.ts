import { groupInKeyOrder, tupleLoader } from './batch.ts'
import { sql, type Database } from './database.ts'

/** How many sites of a partition lie so far from the nearest code of another site. */
export interface DistanceCount {
  partitionId: number
  /** Differing bits. */
  distance: number
  sites: number
}

/**
 * Loader of the distances from a partition's sites to their nearest other site, by partition: 0 in a region of several,
 * elsewhere that of the nearest stored neighbour. A partition's only site is not counted.
 */
export function nearestDistanceLoaders(db: Database) {
  return {
    nearestDistances: tupleLoader<[number], DistanceCount[]>(async (keys) => {
      const ids = keys.map(([id]) => id)
      const rows = await db.query<DistanceCount>(
        sql`select r.partition_id as "partitionId", d.distance, sum(r.member_count)::int4 as sites
            from region r
            left join region_neighbor n on n.partition_id = r.partition_id and n.region = r.index and n.rank = 0
            cross join lateral (select case when r.member_count > 1 then 0 else n.distance end as distance) d
            where r.partition_id = any(${ids}::int4[]) and d.distance is not null
            group by r.partition_id, d.distance order by r.partition_id, d.distance`,
      )
      return groupInKeyOrder(keys, rows, ({ partitionId }) => [partitionId])
    }),
  }
}
