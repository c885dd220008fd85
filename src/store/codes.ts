import { columnsOf, inKeyOrder, tupleLoader } from './batch.ts'
import { raw, sql, type Database } from './database.ts'
import type { CodeRow } from './models.ts'

const COLUMNS = raw(`replace(c.hash::text, '-', '') as hash, c.bit_count as "bitCount", c.bits,
  c.active_bit_count as "activeBitCount"`)

/** Loader of codes by (hash as 32 hexadecimal digits, bit count). */
export function codeLoaders(db: Database) {
  return {
    code: tupleLoader<[string, number], CodeRow | null>(async (keys) => {
      const [hashes, bitCounts] = columnsOf(keys, 2)
      const rows = await db.query<CodeRow>(
        sql`select ${COLUMNS} from unnest(${hashes}::uuid[], ${bitCounts}::int4[]) k(hash, bit_count)
            join code c using (hash, bit_count)`,
      )
      return inKeyOrder(keys, rows, (row) => [row.hash, row.bitCount])
    }),
  }
}
