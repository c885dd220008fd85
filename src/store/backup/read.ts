/** Reads a backup in the atlas's own format, see frames.ts, checking all that can be checked. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { createGunzip } from 'node:zlib'
import { z } from 'zod'
import { AtlasError } from '../../../compute/errors.ts'
import {
  damaged,
  FORMAT,
  headerSchema,
  MAGIC,
  manifestSchema,
  parseDocument,
  readFrames,
  sumsSchema,
  type BackedUpTable,
  type BackupHeader,
  type BackupManifest,
  type Frame,
  type TableSums,
} from './frames.ts'
import type { BackupOptions } from './write.ts'

/** pg_dump's custom format begins with it. */
const PG_DUMP_MAGIC = 'PGDMP'
const READ_BYTES = 1 << 18

/** Of which kind a file is, by its first bytes. Throws UNKNOWN_FILE, NOT_A_BACKUP, BACKUP_TOO_NEW. */
export async function recogniseBackup(file: string): Promise<'atlas' | 'pg_dump'> {
  const text = (await firstBytes(file, MAGIC.length + 12)).toString('latin1')
  if (text.startsWith(PG_DUMP_MAGIC)) return 'pg_dump'
  const format = text.startsWith(MAGIC) && /^\d+(?=\n)/.exec(text.slice(MAGIC.length))?.[0]
  if (!format)
    throw new AtlasError('NOT_A_BACKUP', `${file} is no backup: give a file that atlas backup has written.`)
  if (Number(format) === FORMAT) return 'atlas'
  throw tooNew(`of the format ${format}`)
}

/** The error of a backup that only a newer atlas can read. */
export function tooNew(what: string): AtlasError {
  return new AtlasError(
    'BACKUP_TOO_NEW',
    `The backup is ${what}, which this version of the atlas does not know: it was made by a newer one. Update the atlas.`,
  )
}

async function firstBytes(file: string, count: number): Promise<Buffer> {
  const handle = await open(file).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error)
    throw new AtlasError('UNKNOWN_FILE', `The file ${file} cannot be read (${reason}): check its name.`)
  })
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(count), 0, count, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await handle.close()
  }
}

/** Takes the bytes of a table of a backup, all of them, and answers how many rows they were. */
export type TakeTable = (table: BackedUpTable, bytes: AsyncIterable<Buffer>) => Promise<number>

/** A backup that is being read: what it is of, and then its tables in turn. */
export interface OpenBackup {
  header: BackupHeader
  /** Bytes of the file. */
  size: number
  /** Gives each table to `take`; resolves when the file has ended and everything in it was as it must be. */
  readTables(take: TakeTable): Promise<BackupManifest>
  close(): Promise<void>
}

/** Begins to read a backup. All of this throws BACKUP_DAMAGED where the file is not as it was written. */
export async function openBackup(file: string, { signal, onProgress }: BackupOptions): Promise<OpenBackup> {
  const { size } = await stat(file)
  const compressed = createReadStream(file, {
    start: MAGIC.length + `${FORMAT}\n`.length,
    highWaterMark: READ_BYTES,
  })
  let table = ''
  compressed.on('data', () => onProgress(compressed.bytesRead, size, table))
  const frames = readFrames(unzipped(compressed, signal))
  const next = async (): Promise<Frame> => {
    const frame = await frames.next()
    if (frame.done) throw damaged('it ends too early')
    return frame.value
  }
  const close = async () => {
    await frames.return(undefined)
  }
  try {
    const header = parseDocument(headerSchema, expectFrame(await next(), 'H').bytes)
    const tables = new Map(header.tables.map((each) => [each.name, each]))
    const readTables = async (take: TakeTable) => {
      const sums: TableSums[] = []
      for (let frame = await next(); ; frame = await next()) {
        if (frame.kind === 'Z') {
          const manifest = parseDocument(manifestSchema, frame.bytes)
          checkManifest(manifest, sums, header)
          // Reads on to the end of the compressed stream, whose own sum covers the documents.
          if ((await frames.next()).done !== true) throw damaged('it goes on behind its end')
          return manifest
        }
        const name = parseDocument(z.string(), expectFrame(frame, 'T').bytes)
        const known = tables.get(name)
        if (known === undefined) throw damaged(`it has a table ${name} that it does not describe`)
        table = name
        sums.push(await readTable(known, next, take))
      }
    }
    return { header, size, readTables, close }
  } catch (error) {
    await close()
    throw error
  }
}

async function* unzipped(compressed: NodeJS.ReadableStream, signal: AbortSignal): AsyncGenerator<Buffer> {
  const zip = createGunzip({ chunkSize: READ_BYTES })
  compressed.on('error', (error) => zip.destroy(error))
  try {
    for await (const block of compressed.pipe(zip)) {
      signal.throwIfAborted()
      const bytes: Buffer = block
      yield bytes
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('Z_'))
      throw damaged(error.message === 'unexpected end of file' ? 'it is cut off' : error.message, error)
    throw error
  } finally {
    compressed.unpipe(zip)
    zip.destroy()
  }
}

async function readTable(
  table: BackedUpTable,
  next: () => Promise<Frame>,
  take: TakeTable,
): Promise<TableSums> {
  const hash = createHash('sha256')
  let bytes = 0
  let end: Frame | null = null
  async function* data(): AsyncGenerator<Buffer> {
    for (let frame = await next(); ; frame = await next()) {
      if (frame.kind !== 'D') {
        end = frame
        return
      }
      hash.update(frame.bytes)
      bytes += frame.bytes.length
      yield frame.bytes
    }
  }
  const rows = await take(table, data())
  const said = parseDocument(sumsSchema, expectFrame(end ?? (await next()), 'E').bytes)
  const sums = { name: table.name, rows, bytes, sha256: hash.digest('hex') }
  checkSums(said, sums)
  return sums
}

function checkSums(said: TableSums, found: TableSums): void {
  if (said.name !== found.name || said.bytes !== found.bytes || said.sha256 !== found.sha256)
    throw damaged(`the bytes of the table ${found.name} are not those that were written`)
  if (said.rows !== found.rows)
    throw damaged(`the table ${found.name} has ${found.rows} rows in place of ${said.rows}`)
}

function checkManifest(manifest: BackupManifest, found: readonly TableSums[], header: BackupHeader): void {
  if (manifest.tables.length !== found.length || found.length !== header.tables.length)
    throw damaged('it lacks tables')
  manifest.tables.forEach((said, i) => checkSums(said, found[i]))
}

function expectFrame(frame: Frame, kind: Frame['kind']): Frame {
  if (frame.kind !== kind) throw damaged('its parts come in another order')
  return frame
}
