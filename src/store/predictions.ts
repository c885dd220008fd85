import { inKeyOrder, tupleLoader } from './batch.ts'
import { columnsOf } from './columnsOf.ts'
import { sql, type Database } from './database.ts'

/** Loader of a network's outputs for one sample, by (network, dataset, input): float32 bytes, or null. */
export function predictionLoaders(db: Database) {
  return {
    scores: tupleLoader<[number, number, number], Buffer | null>(async (keys) => {
      const [networks, datasets, inputs] = columnsOf(keys, 3)
      const rows = await db.query<{ network_id: number; dataset_id: number; input: number; scores: Buffer }>(
        sql`select k.network_id, k.dataset_id, k.input,
              substring(c.scores from (k.input % d.chunk_size) * o.bytes + 1 for o.bytes) as scores
            from unnest(${networks}::int4[], ${datasets}::int4[], ${inputs}::int4[])
              k(network_id, dataset_id, input)
            join dataset d on d.id = k.dataset_id
            join prediction_chunk c on c.network_id = k.network_id and c.dataset_id = k.dataset_id
              and c.index = k.input / d.chunk_size
            cross join lateral (select octet_length(c.scores)
              / least(d.chunk_size, d.input_count - c.index * d.chunk_size) as bytes) o`,
      )
      const found = inKeyOrder(keys, rows, (row) => [row.network_id, row.dataset_id, row.input])
      return found.map((row) => row?.scores ?? null)
    }),
  }
}
