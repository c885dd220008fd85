import { onClient, type Database, type Transaction } from './database.ts'

/**
 * Runs `work` on the atlas as it was at one moment, whatever others write meanwhile; it can write nothing itself.
 * Postgres keeps every row of that moment until the end.
 */
export async function withSnapshot<Result>(
  db: Database,
  work: (tx: Transaction) => Promise<Result>,
): Promise<Result> {
  const client = await db.pool.connect()
  let done = false
  try {
    await client.query('begin isolation level repeatable read, read only')
    const result = await work(onClient(client))
    await client.query('commit')
    done = true
    return result
  } finally {
    // One that failed may be in the middle of a COPY: it is closed, which ends its transaction.
    client.release(!done)
  }
}
