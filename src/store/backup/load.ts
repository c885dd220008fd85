/** What a restore does in the database, within the transaction that migrates it. */
import { once } from 'node:events'
import { finished } from 'node:stream/promises'
import copyStreams from 'pg-copy-streams'
import { AtlasError } from '../../../compute/errors.ts'
import { join, raw, sql, statementChannel, type Executor, type Transaction } from '../database.ts'
import {
  MIGRATIONS_TABLE,
  quoted,
  readAppliedMigrations,
  readRemovables,
  readSequences,
  readTables,
} from './catalog.ts'
import { damaged, type BackedUpTable, type BackupManifest } from './frames.ts'
import type { OpenBackup } from './read.ts'
import { copyTarget } from './write.ts'

/** Throws DATABASE_NOT_EMPTY where a table of the atlas holds rows. */
export async function checkNoRows(on: Executor): Promise<void> {
  if ((await readAppliedMigrations(on)).length === 0) return
  const filled: string[] = []
  for (const { name } of await readTables(on)) {
    const [{ some }] = await on.query<{ some: boolean }>(
      raw(`select exists (select from ${quoted(name)}) as some`),
    )
    if (some) filled.push(name)
  }
  if (filled.length === 0) return
  throw new AtlasError(
    'DATABASE_NOT_EMPTY',
    `The atlas holds rows already (in ${filled.join(', ')}), and a restore replaces nothing. Restore into another one: ` +
      'ATLAS_HOME=folder atlas restore … makes an embedded one, DATABASE_URL names any (CREATE DATABASE atlas2).',
  )
}

/**
 * Makes way for the tables of an earlier schema: locks those of the database, which must hold no rows, and drops them
 * unless their schema is that one already, so that a server which waits on the empty atlas finds the same tables.
 * @throws AtlasError DATABASE_NOT_EMPTY
 */
export async function makeWay(tx: Transaction, migrations: readonly string[]): Promise<void> {
  const applied = await readAppliedMigrations(tx)
  if (applied.length === 0) return
  const tables = (await readTables(tx)).map(({ name }) => quoted(name)).join(', ')
  await tx.query(raw(`lock table ${tables} in access exclusive mode`))
  await checkNoRows(tx)
  if (applied.join() === migrations.join()) return
  await tx.query(raw(`drop table ${tables}, ${MIGRATIONS_TABLE}`))
  const enums = await tx.query<{ name: string }>(
    raw(`select oid::regtype::text as name from pg_type
         where typtype = 'e' and typnamespace = current_schema()::regnamespace`),
  )
  if (enums.length > 0) await tx.query(raw(`drop type ${enums.map(({ name }) => name).join(', ')}`))
}

/**
 * Fills the tables with a backup. Keys and indexes are taken away meanwhile and made anew, which checks every reference
 * (8.7 million rows, most of them codes: 11 s; 50 s with their keys in place); `onLoaded` is called before that. Needs no
 * more rights than the owner of the tables has.
 * @throws AtlasError BACKUP_DAMAGED
 */
export async function loadBackup(tx: Transaction, backup: OpenBackup, onLoaded: () => void): Promise<void> {
  const present = new Map((await readTables(tx)).map((table) => [table.name, table]))
  const removables = await readRemovables(tx)
  // Sorts keys in memory; Postgres' own 64 MB are for a server that has other things to do.
  await tx.query(raw(`set local maintenance_work_mem = '256MB'`))
  for (const { remove } of removables) await tx.query(raw(remove))
  const manifest = await backup.readTables((table, bytes) => {
    checkColumns(table, present.get(table.name))
    return copyIn(tx, table, bytes)
  })
  onLoaded()
  for (const { restore } of removables.toReversed()) {
    await tx.query(raw(restore)).catch((error: unknown) => Promise.reject(explain(error, 'a key')))
  }
  await setSequences(tx, manifest)
}

/** A backup of the same migrations has the same columns, unless either was altered by hand. */
function checkColumns(table: BackedUpTable, present: BackedUpTable | undefined): void {
  const typesOf = ({ columns }: BackedUpTable) =>
    columns
      .map(({ name, type }) => `${name} ${type}`)
      .sort()
      .join()
  if (present && typesOf(present) === typesOf(table)) return
  throw damaged(`its table ${table.name} has other columns than its version of the atlas`)
}

async function copyIn(tx: Transaction, table: BackedUpTable, bytes: AsyncIterable<Buffer>): Promise<number> {
  const text = `copy ${copyTarget(table)} from stdin (format binary)`
  statementChannel.publish(text)
  const stream = tx.client.query(copyStreams.from(text))
  const done = finished(stream)
  // Reported by `await done`; until then a failure must not count as unhandled.
  done.catch(() => undefined)
  try {
    for await (const block of bytes) {
      if (!stream.write(block)) await Promise.race([once(stream, 'drain'), done])
    }
  } catch (error) {
    stream.destroy()
    await done.catch(() => undefined)
    throw explain(error, `the rows of ${table.name}`)
  }
  stream.end()
  await done.catch((error: unknown) => Promise.reject(explain(error, `the rows of ${table.name}`)))
  return stream.rowCount
}

/** Postgres refuses bytes that are no rows of the table (classes 22 and 23 of its errors, and 08P01). */
function explain(error: unknown, what: string): unknown {
  if (!(error instanceof Error && 'code' in error && /^(2[23]|08P01)/.test(String(error.code)))) return error
  return damaged(`Postgres does not take ${what} (${error.message})`, error)
}

async function setSequences(tx: Transaction, { sequences }: BackupManifest): Promise<void> {
  const present = new Set((await readSequences(tx)).map(({ name }) => name))
  for (const { name, value } of sequences) {
    if (!present.has(name)) throw damaged(`its version of the atlas has no sequence ${name}`)
    if (value !== null) await tx.query(sql`select setval(${quoted(name)}::regclass, ${value}::int8)`)
  }
}

/** Tells the planner about all tables. */
export async function analyzeTables(tx: Transaction): Promise<void> {
  const tables = await readTables(tx)
  await tx.query(sql`analyze ${join(tables.map(({ name }) => raw(quoted(name))))}`)
}
