/** Writes a backup in the atlas's own format, see frames.ts. */
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { open, rename, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import copyStreams from 'pg-copy-streams'
import { AtlasError } from '../../../compute/errors.ts'
import { raw, statementChannel, type Database, type Transaction } from '../database.ts'
import { withSnapshot } from '../snapshot.ts'
import { quoted, readAppliedMigrations, readSequences, readTables } from './catalog.ts'
import { dataFrames, FORMAT, jsonFrame, MAGIC, type BackedUpTable, type TableSums } from './frames.ts'

/** Packed codes and weights hardly compress: level 1 is a tenth larger than level 6, and three times as fast. */
const COMPRESSION = { level: 1, chunkSize: 1 << 18 }

/** How to report and stop a backup or a restore. */
export interface BackupOptions {
  signal: AbortSignal
  /** Bytes done, of all, as far as they can be known, and the table at hand. */
  onProgress(done: number, total: number, table: string): void
}

/** What a backup holds. */
export interface BackupSummary {
  /** Bytes of the file. */
  fileBytes: number
  tables: TableSums[]
}

/**
 * Writes all rows of the atlas, as they are at one moment, to `file`; others may go on writing. It is there whole or not
 * at all: what is not complete has another name beside it.
 * @param atlas version of the atlas
 * @throws AtlasError CANNOT_WRITE
 */
export async function writeBackup(
  db: Database,
  file: string,
  atlas: string,
  options: BackupOptions,
): Promise<BackupSummary> {
  return whole(file, async (partial) => {
    const out = createWriteStream(partial, { flags: 'a' })
    out.write(`${MAGIC}${FORMAT}\n`)
    const zip = createGzip(COMPRESSION)
    const written = pipeline(zip, out)
    // Reported by `await written`; until then a failure must not count as unhandled.
    written.catch(() => undefined)
    const put = async (bytes: Buffer) => {
      if (!zip.write(bytes)) await Promise.race([once(zip, 'drain'), written])
    }
    try {
      const tables = await withSnapshot(db, (tx) => writeAll(tx, atlas, put, options))
      zip.end()
      await written
      return { fileBytes: (await stat(partial)).size, tables }
    } catch (error) {
      zip.destroy()
      // The disk says what was wrong; what waited for it says only that it went away.
      await written.catch((reason: unknown) =>
        Promise.reject(isOfDisk(reason) ? cannotWrite(reason, file) : error),
      )
      throw error
    }
  })
}

function isOfDisk(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error
}

type Put = (bytes: Buffer) => Promise<void>

async function writeAll(
  tx: Transaction,
  atlas: string,
  put: Put,
  options: BackupOptions,
): Promise<TableSums[]> {
  const tables = await readTables(tx)
  const [{ postgres }] = await tx.query<{ postgres: string }>(
    raw(`select current_setting('server_version') as postgres`),
  )
  const migrations = await readAppliedMigrations(tx)
  const described = tables.map(({ name, columns }) => ({ name, columns }))
  const createdAt = new Date().toISOString()
  await put(jsonFrame('H', { createdAt, atlas, postgres, migrations, tables: described }))
  const total = tables.reduce((sum, { bytes }) => sum + bytes, 0)
  const sums: TableSums[] = []
  let before = 0
  for (const table of tables) {
    const sum = await writeTable(tx, table, put, (bytes) => {
      options.signal.throwIfAborted()
      options.onProgress(before + Math.min(bytes, table.bytes), total, table.name)
    })
    sums.push(sum)
    before += table.bytes
  }
  await put(jsonFrame('Z', { tables: sums, sequences: await readSequences(tx) }))
  return sums
}

async function writeTable(
  tx: Transaction,
  { name, columns }: BackedUpTable,
  put: Put,
  onBytes: (bytes: number) => void,
): Promise<TableSums> {
  await put(jsonFrame('T', name))
  const text = `copy ${copyTarget({ name, columns })} to stdout (format binary)`
  statementChannel.publish(text)
  const stream = tx.client.query(copyStreams.to(text))
  const hash = createHash('sha256')
  let bytes = 0
  for await (const block of stream) {
    const data: Buffer = block
    hash.update(data)
    bytes += data.length
    for (const piece of dataFrames(data)) await put(piece)
    onBytes(bytes)
  }
  const sums = { name, rows: stream.rowCount, bytes, sha256: hash.digest('hex') }
  await put(jsonFrame('E', sums))
  return sums
}

/** A table with its columns in a fixed order, as COPY takes it. */
export function copyTarget({ name, columns }: BackedUpTable): string {
  return `${quoted(name)} (${columns.map((column) => quoted(column.name)).join(', ')})`
}

/** Lets `write` fill a file beside the final one, brings it to the disk and puts it in its place. Throws CANNOT_WRITE. */
export async function whole<Result>(
  file: string,
  write: (partial: string) => Promise<Result>,
): Promise<Result> {
  const partial = `${file}.part`
  // Truncated, and private: it holds all data.
  const handle = await open(partial, 'w', 0o600).catch((error: unknown) =>
    Promise.reject(cannotWrite(error, file)),
  )
  try {
    const result = await write(partial)
    await handle.sync()
    await rename(partial, file).catch((error: unknown) => Promise.reject(cannotWrite(error, file)))
    await syncFolder(path.dirname(file))
    return result
  } catch (error) {
    await rm(partial, { force: true })
    throw error
  } finally {
    await handle.close()
  }
}

/** Makes the new name survive a power cut. Windows has no such call. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

function cannotWrite(error: unknown, file: string): AtlasError {
  const reason = error instanceof Error ? error.message : String(error)
  return new AtlasError(
    'CANNOT_WRITE',
    `The backup ${file} cannot be written (${reason}): choose another place, or make room.`,
    { cause: error },
  )
}
