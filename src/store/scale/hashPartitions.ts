import { AtlasError } from '../../../compute/errors.ts'
import type { Database, Transaction } from '../database.ts'
import { countPartitions, execute, readParts, SPREAD_TABLES } from './tables.ts'

/**
 * A statement that names no key opens all of them, and the move locks some 30 objects for each: 64 fit into the locks
 * of a Postgres as it comes (max_locks_per_transaction times max_connections).
 */
const MAX_PARTITIONS = 64

/** What became of a table. */
export interface Spread {
  table: string
  rows: number
  /** 1 for a plain table. */
  partitions: number
}

/**
 * Divides the large tables into so many partitions by the hash of their first key column, or with 1 makes plain tables
 * of them again; tables that are so already stay untouched. All rows move, in one transaction: readers and writers
 * wait, a failure leaves everything as it was, and the disk needs room for both copies of the tables and their indexes.
 * Throws BAD_ARGUMENT.
 */
export async function spreadByHash(
  db: Database,
  partitions: number,
  onTable: (table: string) => void,
): Promise<Spread[]> {
  if (!Number.isInteger(partitions) || partitions < 1 || partitions > MAX_PARTITIONS)
    throw new AtlasError(
      'BAD_ARGUMENT',
      `${partitions} is no number of partitions: give 2 to ${MAX_PARTITIONS}, or 1 for plain tables.`,
    )
  return db.transaction(async (tx) => {
    // All locks at once and in one order: a job that writes goes on before or after, never in between.
    await execute(tx, `lock table ${Object.keys(SPREAD_TABLES).join(', ')} in access exclusive mode`)
    const done: Spread[] = []
    for (const [table, column] of Object.entries(SPREAD_TABLES)) {
      if ((await countPartitions(tx, table)) === (partitions === 1 ? 0 : partitions)) continue
      onTable(table)
      done.push({ table, rows: await rebuild(tx, table, column, partitions), partitions })
    }
    return done
  })
}

/** Makes the table anew and moves its rows; answers how many. No other table may refer to it, and none does. */
async function rebuild(tx: Transaction, table: string, column: string, partitions: number): Promise<number> {
  const { constraints, indexes } = await readParts(tx, table)
  await execute(tx, `alter table ${table} rename to ${table}_before`)
  const copied = `like ${table}_before including defaults including storage including compression`
  await execute(
    tx,
    `create table ${table} (${copied})${partitions === 1 ? '' : ` partition by hash (${column})`}`,
  )
  if (partitions > 1)
    for (let part = 0; part < partitions; part++)
      await execute(
        tx,
        `create table ${table}_${part}_of_${partitions} partition of ${table} for values with (modulus ${partitions}, remainder ${part})`,
      )
  const { rowCount } = await tx.client.query(`insert into ${table} select * from ${table}_before`)
  await execute(tx, `drop table ${table}_before`)
  // Behind the rows: an index is made in one go, and its name is free once the old table is gone.
  for (const { name, definition } of constraints)
    await execute(tx, `alter table ${table} add constraint "${name}" ${definition}`)
  for (const definition of indexes) await execute(tx, definition)
  await execute(tx, `analyze ${table}`)
  return rowCount ?? 0
}
