import { groupInKeyOrder, inKeyOrder, pageLoader, tupleLoader } from './batch.ts'
import { columnsOf } from './columnsOf.ts'
import { raw, sql, type Database, type Sql } from './database.ts'
import type { BoxFacetRow, FacetRow, PolytopeRow } from './models.ts'
import type { Order } from './page.ts'

/** A region's facets, the nearest to its exemplar first. */
export const facetOrder: Order = { columns: [['f.rank', 'int4']] }

/** Condition for facets of units, with at most this many bits that differ across; null for any number. */
export function crossedFacets(maxDistance: number | null): Sql {
  return maxDistance === null
    ? sql`f.code_hash is not null`
    : sql`f.bit_distance <= ${maxDistance}::int4 and f.code_hash is not null`
}

/** Loaders of polytopes and their facets, by (partition, region); one set a request. */
export function polytopeLoaders(db: Database) {
  return {
    polytope: tupleLoader<[number, number], PolytopeRow | null>(async (keys) => {
      const [partitions, regions] = columnsOf(keys, 2)
      const rows = await db.query<PolytopeRow>(
        sql`select ${raw(`p.partition_id as "partitionId", p.region, p.facet_count as "facetCount",
              p.box_facet_count as "boxFacetCount", p.center, p.inradius, p.complete, p.box_lower as "boxLower",
              p.box_upper as "boxUpper", p.computed_at as "computedAt"`)}
            from unnest(${partitions}::int4[], ${regions}::int4[]) k(partition_id, region)
            join region_polytope p using (partition_id, region)`,
      )
      return inKeyOrder(keys, rows, (row) => [row.partitionId, row.region])
    }),
    boxFacets: tupleLoader<[number, number], BoxFacetRow[]>(async (keys) => {
      const [partitions, regions] = columnsOf(keys, 2)
      const rows = await db.query<BoxFacetRow>(
        sql`select ${raw('f.partition_id as "partitionId", f.region, f.axis, f.side, f.distance')}
            from unnest(${partitions}::int4[], ${regions}::int4[]) k(partition_id, region)
            join region_facet f using (partition_id, region)
            where f.axis is not null order by f.partition_id, f.region, f.rank`,
      )
      return groupInKeyOrder(keys, rows, (row) => [row.partitionId, row.region])
    }),
    /** Regions of a partition whose polytopes are stored; by partition. */
    polytopeCount: tupleLoader<[number], number>(async (keys) => {
      const rows = await db.query<{ id: number; count: number }>(
        sql`select p.partition_id as id, count(*)::int4 as count from region_polytope p
            where p.partition_id = any(${keys.map(([id]) => id)}::int4[]) group by p.partition_id`,
      )
      const found = inKeyOrder(keys, rows, ({ id }) => [id])
      return found.map((row) => row?.count ?? 0)
    }),
    facetsOfRegion: pageLoader<FacetRow>(db, {
      columns:
        raw(`f.partition_id as "partitionId", f.region, f.rank, f.layer, f.unit, f.position, f.distance,
        f.bit_distance as "bitDistance", replace(f.code_hash::text, '-', '') as "codeHash",
        f.bit_count as "bitCount"`),
      from: raw('region_facet f'),
      parent: [
        ['f.partition_id', 'int4'],
        ['f.region', 'int4'],
      ],
    }),
  }
}
