import { bytesOf } from './bytesOf.ts'
import { sql, type Database } from './database.ts'

/**
 * Stores the positions of an embedding and marks it as computed; one that is computed stays as it is.
 *
 * @param positions x and y of each region in turn, by region index
 */
export async function writeEmbedding(db: Database, id: number, positions: Float32Array): Promise<void> {
  await db.query(
    sql`update embedding set positions = ${bytesOf(positions)}::bytea, computed_at = clock_timestamp()
        where id = ${id} and computed_at is null`,
  )
}
