import { z } from 'zod'
import type { Database } from './database.ts'

/** The Postgres behind the atlas. */
export interface PostgresInUse {
  version: string
  /** Bytes on disk of the atlas's database. */
  bytes: number
}

const answer = z.object({ version: z.string(), bytes: z.coerce.number() })

/** Asks Postgres for its version and the size of the atlas. */
export async function readPostgresInUse(db: Database): Promise<PostgresInUse> {
  const { rows } = await db.pool.query(
    `select current_setting('server_version') as version, pg_database_size(current_database()) as bytes`,
  )
  return answer.parse(rows[0])
}
