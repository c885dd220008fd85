/** Brings a whole atlas back from the file of a backup. */
import { AtlasError } from '../../compute/errors.ts'
import { applyMigrations, applyMigrationsAround, migrationNames } from '../../prisma/migrator/index.ts'
import { analyzeTables, checkNoRows, loadBackup, makeWay } from '../store/backup/load.ts'
import { readDumpedMigrations, restoreDump } from '../store/backup/pgTools.ts'
import { openBackup, tooNew } from '../store/backup/read.ts'
import type { BackupHeader, BackupManifest } from '../store/backup/frames.ts'
import type { BackupOptions } from '../store/backup/write.ts'
import { RowDecoder } from '../store/copyOut.ts'
import { onClient, type Database } from '../store/database.ts'
import { requeueJobs } from './queue.ts'

/** What was restored. */
export interface Restored {
  header: BackupHeader
  /** Jobs that were queued again. */
  queued: number
}

/**
 * Restores a backup in the atlas's own format into an atlas without rows, in one transaction: as an atlas of the version
 * that wrote it, which then gets the later migrations.
 * @throws AtlasError BACKUP_DAMAGED, BACKUP_TOO_NEW, DATABASE_NOT_EMPTY
 */
export async function restoreBackup(db: Database, file: string, options: BackupOptions): Promise<Restored> {
  await checkNoRows(db)
  const backup = await openBackup(file, options)
  const { header, size } = backup
  let queued = 0
  try {
    await applyMigrationsAround(db.url, {
      migrations: header.migrations,
      prepare: (client) => makeWay(onClient(client), header.migrations),
      fill: (client) =>
        loadBackup(onClient(client), backup, () => options.onProgress(size, size, 'indexes and references')),
      async finish(client) {
        queued = await requeueJobs(onClient(client))
        await analyzeTables(onClient(client))
        options.signal.throwIfAborted()
      },
    })
  } catch (error) {
    throw error instanceof AtlasError && error.code === 'SCHEMA_TOO_NEW'
      ? tooNew(`of the atlas ${header.atlas}`)
      : error
  } finally {
    await backup.close()
  }
  return { header, queued }
}

/** Reads a backup to its end, checking it against its sums, without a database. Throws BACKUP_DAMAGED. */
export async function checkBackup(
  file: string,
  options: BackupOptions,
): Promise<{ header: BackupHeader; manifest: BackupManifest }> {
  const backup = await openBackup(file, options)
  try {
    const manifest = await backup.readTables(async (_, bytes) => countRows(bytes))
    return { header: backup.header, manifest }
  } finally {
    await backup.close()
  }
}

async function countRows(bytes: AsyncIterable<Buffer>): Promise<number> {
  const decoder = new RowDecoder()
  let rows = 0
  for await (const block of bytes) rows += [...decoder.add(block)].length
  return rows
}

/**
 * Restores a dump of pg_dump's custom format into an atlas without rows. What fails leaves a database without tables,
 * which the next start makes.
 * @throws AtlasError NO_PG_TOOLS, PG_TOOL_FAILED, BACKUP_DAMAGED, BACKUP_TOO_NEW, DATABASE_NOT_EMPTY
 */
export async function restoreDumped(db: Database, file: string, signal: AbortSignal): Promise<number> {
  await checkNoRows(db)
  const migrations = await readDumpedMigrations(db, file, signal)
  const known = await migrationNames()
  const unknown = migrations.filter((name) => !known.includes(name))
  if (unknown.length > 0) throw tooNew(`of the schema ${unknown.join(', ')}`)
  // No atlas has no migrations: whatever tables there are, they go.
  await db.transaction((tx) => makeWay(tx, []))
  await restoreDump(db, file, signal)
  await applyMigrations(db.url)
  return db.transaction(async (tx) => {
    const queued = await requeueJobs(tx)
    await analyzeTables(tx)
    return queued
  })
}
