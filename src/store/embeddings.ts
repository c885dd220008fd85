import { groupInKeyOrder, inKeyOrder, tupleLoader } from './batch.ts'
import { columnsOf } from './columnsOf.ts'
import { raw, sql, type Database } from './database.ts'
import type { EmbeddingRow } from './embeddingRows.ts'
import { floatsOf } from './encoding.ts'

const COLUMNS =
  raw(`t.id, t.partition_id as "partitionId", t.neighbors, t.seed, t.computed_at as "computedAt",
  t.job_id as "jobId", t.created_at as "createdAt"`)

/** Loaders of embeddings; one set a request. */
export function embeddingLoaders(db: Database) {
  return {
    embeddingById: tupleLoader<[number], EmbeddingRow | null>(async (keys) => {
      const ids = keys.map(([id]) => id)
      const rows = await db.query<EmbeddingRow>(
        sql`select ${COLUMNS} from embedding t where t.id = any(${ids}::int4[])`,
      )
      return inKeyOrder(keys, rows, (row) => [row.id])
    }),
    /** By (partition, neighbors, seed). */
    embeddingByKey: tupleLoader<[number, number, number], EmbeddingRow | null>(async (keys) => {
      const [partitions, neighbors, seeds] = columnsOf(keys, 3)
      const rows = await db.query<EmbeddingRow>(
        sql`select ${COLUMNS} from unnest(${partitions}::int4[], ${neighbors}::int4[], ${seeds}::int4[])
              k(partition_id, neighbors, seed)
            join embedding t using (partition_id, neighbors, seed)`,
      )
      return inKeyOrder(keys, rows, (row) => [row.partitionId, row.neighbors, row.seed])
    }),
    embeddingsOfPartition: tupleLoader<[number], EmbeddingRow[]>(async (keys) => {
      const ids = keys.map(([id]) => id)
      const rows = await db.query<EmbeddingRow>(
        sql`select ${COLUMNS} from embedding t where t.partition_id = any(${ids}::int4[]) order by t.id`,
      )
      return groupInKeyOrder(keys, rows, (row) => [row.partitionId])
    }),
    /** x and y of each region in turn, by embedding; null until computed. */
    embeddingPositions: tupleLoader<[number], Float32Array | null>(async (keys) => {
      const ids = keys.map(([id]) => id)
      const rows = await db.query<{ id: number; positions: Buffer | null }>(
        sql`select t.id, t.positions from embedding t where t.id = any(${ids}::int4[])`,
      )
      const found = inKeyOrder(keys, rows, (row) => [row.id])
      return found.map((row) => row?.positions && floatsOf(row.positions)).map((values) => values ?? null)
    }),
  }
}
