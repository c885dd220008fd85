/** Many statements that all see the atlas as it was at one moment, while others write. */
import type pg from 'pg'
import { onClient, raw, type Database, type Transaction } from './database.ts'

/** The atlas at one moment. Postgres keeps every row that it sees until it is closed. */
export interface Snapshot {
  /** One connection on it, for one statement at a time. */
  readonly first: Transaction
  /** A further connection on the same moment. */
  another(): Promise<Transaction>
}

/** Runs `work` on a snapshot; nothing can be written through it. */
export async function withSnapshot<Result>(
  db: Database,
  work: (snapshot: Snapshot) => Promise<Result>,
): Promise<Result> {
  const clients: pg.PoolClient[] = []
  const begin = async () => {
    const client = await db.pool.connect()
    clients.push(client)
    await client.query('begin isolation level repeatable read, read only')
    return onClient(client)
  }
  let done = false
  try {
    const first = await begin()
    const [{ id }] = await first.query<{ id: string }>(raw('select pg_export_snapshot() as id'))
    const another = async () => {
      const reader = await begin()
      await reader.query(raw(`set transaction snapshot '${id}'`))
      return reader
    }
    const result = await work({ first, another })
    for (const client of clients) await client.query('commit')
    done = true
    return result
  } finally {
    // One that failed may be in the middle of a COPY: it is closed, which ends its transaction.
    for (const client of clients) client.release(!done)
  }
}
