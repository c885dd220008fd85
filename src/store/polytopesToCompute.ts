import { sql, type Database, type Sql } from './database.ts'
import { float64Bytes } from './float64.ts'
import type { BoxValues } from './models.ts'

/** Which regions' polytopes are asked for: one, or the largest of a partition. */
export interface WantedPolytopes {
  partitionId: number
  /** Index of the only region; null for all of the partition. */
  region: number | null
  /** How many at most; null for all. */
  limit: number | null
  box: BoxValues | null
}

/** Condition for rows `p` of region_polytope that were computed in this box. */
export function sameBox(box: BoxValues | null): Sql {
  const lower = box && float64Bytes(box.lower)
  const upper = box && float64Bytes(box.upper)
  return sql`p.box_lower is not distinct from ${lower}::bytea and p.box_upper is not distinct from ${upper}::bytea`
}

/** The regions asked for, in the order MEMBER_COUNT_DESC, and those of them that have no polytope in this box yet. */
export async function polytopesToCompute(
  db: Database,
  { partitionId, region, limit, box }: WantedPolytopes,
): Promise<{ total: number; missing: number[] }> {
  const rows = await db.query<{ index: number; done: boolean }>(
    sql`select r.index, exists (select from region_polytope p
          where p.partition_id = r.partition_id and p.region = r.index and ${sameBox(box)}) as done
        from region r where r.partition_id = ${partitionId} and (${region}::int4 is null or r.index = ${region}::int4)
        order by r.member_count desc, r.index desc limit ${limit}::int4`,
  )
  return { total: rows.length, missing: rows.filter(({ done }) => !done).map(({ index }) => index) }
}
