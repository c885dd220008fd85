import { idOf, loadersBySignature } from './batch.ts'
import { columnsOf } from './columnsOf.ts'
import { sql, type Executor, type Sql } from './database.ts'
import type { RegionRow } from './models.ts'
import { REGION_KEY } from './regionColumns.ts'

/** A stored neighbour of a region: its columns that were asked for, and in how many bits the two differ. */
export type NeighborRow = RegionRow & { distance: number }

/** A neighbour of which the key alone was read; the other columns are undefined, as in every row that was read in part. */
class KeyRow implements NeighborRow {
  declare readonly codeHash: string
  declare readonly bitCount: number
  declare readonly memberCount: number
  declare readonly activeBitCount: number
  declare readonly exemplarInput: number
  declare readonly exemplarPosition: number
  declare readonly label: number | null
  declare readonly labels: number[]
  declare readonly labelCounts: number[]
  declare readonly labelEntropy: number
  declare readonly purity: number
  declare readonly margin: number
  readonly partitionId: number
  readonly index: number
  readonly distance: number

  constructor(partitionId: number, index: number, distance: number) {
    this.partitionId = partitionId
    this.index = index
    this.distance = distance
  }
}

/** A region by (partition, index), and how many of its neighbours. */
export type NeighborKey = readonly [partition: number, region: number, first: number]

/** Loader of the stored nearest neighbours of regions, nearest first. */
export function neighborLoaders(db: Executor) {
  const load = loadersBySignature<NeighborKey, Sql, NeighborRow[]>(
    (columns) => String(idOf(columns)),
    (keys, columns) => (columns === REGION_KEY ? readKeys(db, keys) : readRows(db, keys, columns)),
  )
  return {
    /** With their keys alone, or with columns of {@link regionColumns}. */
    neighbors: (key: NeighborKey, columns: Sql = REGION_KEY) => load(key, columns),
  }
}

/** A row of arrays for each region: pg reads a row for each neighbour value by value. */
async function readKeys(db: Executor, keys: readonly NeighborKey[]): Promise<NeighborRow[][]> {
  const rows = await db.query<{ ordinal: number; indices: number[]; distances: number[] }>(
    sql`select k.ordinal::int4 as ordinal, json_agg(n.neighbor order by n.rank) as indices,
          json_agg(n.distance order by n.rank) as distances
        from ${tableOf(keys)}
        join region_neighbor n on n.partition_id = k.partition_id and n.region = k.region and n.rank < k.first
        group by k.ordinal`,
  )
  const found: NeighborRow[][] = keys.map(() => [])
  for (const { ordinal, indices, distances } of rows) {
    const [partitionId] = keys[ordinal - 1]
    found[ordinal - 1] = indices.map((index, i) => new KeyRow(partitionId, index, distances[i]))
  }
  return found
}

async function readRows(db: Executor, keys: readonly NeighborKey[], columns: Sql): Promise<NeighborRow[][]> {
  const rows = await db.query<NeighborRow & { ordinal: number }>(
    sql`select k.ordinal::int4 as ordinal, n.distance, ${columns}
        from ${tableOf(keys)}
        join region_neighbor n on n.partition_id = k.partition_id and n.region = k.region and n.rank < k.first
        join region r on r.partition_id = n.partition_id and r.index = n.neighbor
        order by k.ordinal, n.rank`,
  )
  const found: NeighborRow[][] = keys.map(() => [])
  for (const row of rows) found[row.ordinal - 1].push(row)
  return found
}

function tableOf(keys: readonly NeighborKey[]): Sql {
  const [partitions, regions, firsts] = columnsOf(keys, 3)
  return sql`unnest(${partitions}::int4[], ${regions}::int4[], ${firsts}::int4[])
    with ordinality k(partition_id, region, first, ordinal)`
}
