/** One number a region, of all regions of a partition at once: what a program draws 100,000 regions by. */
import { inKeyOrder, tupleLoader } from './batch.ts'
import { raw, sql, type Database, type Sql } from './database.ts'
import { floatsOf, integersOf } from './encoding.ts'

/** Loaders of columns, by partition, each in the order of the regions' indices; one statement a column. */
export function packedColumnLoaders(db: Database) {
  return {
    memberCountColumn: columnLoader(db, 'int4send(r.member_count)', integersOf),
    /** The most frequent label; -1 where there is none. */
    labelColumn: columnLoader(db, 'int4send(coalesce(r.label, -1))', integersOf),
    labelEntropyColumn: columnLoader(db, 'float4send(r.label_entropy::float4)', (bytes) =>
      floatsOf(bytes.swap32()),
    ),
    activeBitCountColumn: columnLoader(db, 'int4send(r.active_bit_count)', integersOf),
    /** By computed clustering: the cluster of each region, -1 for noise. */
    clusterColumn: tupleLoader<[number], Int32Array>(async (keys) => {
      const rows = await db.query<PackedRow>(
        sql`select m.clustering_id as id, string_agg(int4send(coalesce(m.cluster, -1)), ''::bytea order by m.region) as values
            from region_cluster m where m.clustering_id = any(${keys.map(([id]) => id)}::int4[]) group by 1`,
      )
      return unpack(keys, rows, integersOf)
    }),
  }
}

/** Indices of the regions of a partition that meet a condition on regions `r`, ascending; null for all of them. */
export async function readMatchingRegions(
  db: Database,
  partitionId: number,
  condition: Sql | null,
): Promise<Int32Array> {
  const [{ values }] = await db.query<{ values: Buffer | null }>(
    sql`select string_agg(int4send(r.index), ''::bytea order by r.index) as values
        from region r where r.partition_id = ${partitionId} and ${condition ?? sql`true`}`,
  )
  return integersOf(values ?? Buffer.alloc(0))
}

interface PackedRow {
  id: number
  values: Buffer
}

/** @param expression four bytes a region `r`, big-endian as Postgres sends numbers */
function columnLoader<Values>(db: Database, expression: string, read: (bytes: Buffer) => Values) {
  return tupleLoader<[number], Values>(async (keys) => {
    const rows = await db.query<PackedRow>(
      sql`select r.partition_id as id, string_agg(${raw(expression)}, ''::bytea order by r.index) as values
          from region r where r.partition_id = any(${keys.map(([id]) => id)}::int4[]) group by 1`,
    )
    return unpack(keys, rows, read)
  })
}

function unpack<Values>(
  keys: readonly [number][],
  rows: readonly PackedRow[],
  read: (bytes: Buffer) => Values,
): Values[] {
  return inKeyOrder(keys, rows, (row) => [row.id]).map((row) => read(row?.values ?? Buffer.alloc(0)))
}
