import { sql, type Database } from './database.ts'

/** A region and its distance in bits from what question number `query` asks about. */
export interface RankedRegion {
  query: number
  region: number
  distance: number
}

/** An input near to what question number `query` asks about. */
export interface RankedInput {
  query: number
  input: number
  distance: number
}

/**
 * The first `first` inputs of each question by distance of their region, ties by input index; `own[query]` is left
 * out. For partitions of whole inputs. Regions that only follow enough nearer members are not looked into.
 */
export async function readNearestMembers(
  db: Database,
  partitionId: number,
  regions: readonly RankedRegion[],
  own: readonly number[],
  first: number,
): Promise<RankedInput[]> {
  return db.query<RankedInput>(
    sql`with candidate as (
          select q.query, q.region, q.distance,
            coalesce(sum(r.member_count) over (partition by q.query order by q.distance
              range between unbounded preceding and 1 preceding), 0) as nearer
          from unnest(${regions.map((row) => row.query)}::int4[], ${regions.map((row) => row.region)}::int4[],
            ${regions.map((row) => row.distance)}::int4[]) q(query, region, distance)
          join region r on r.partition_id = ${partitionId} and r.index = q.region
        ), ranked as (
          select c.query, m.input_index, c.distance,
            row_number() over (partition by c.query order by c.distance, m.input_index) as place
          from candidate c
          join unnest(${own}::int4[]) with ordinality o(input_index, ordinal) on o.ordinal = c.query + 1
          cross join lateral (
            select m.input_index from membership m
            where m.partition_id = ${partitionId} and m.region = c.region and m.input_index <> o.input_index
            order by m.input_index limit ${first}) m
          where c.nearer <= ${first}
        )
        select query, input_index as input, distance from ranked where place <= ${first}
        order by query, distance, input_index`,
  )
}
