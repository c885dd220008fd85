import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { AtlasError } from '../../compute/errors.ts'
import { copyInto } from './copy.ts'
import { sql, type Database } from './database.ts'

/** Bytes a row of file_chunk holds. */
const CHUNK = 1 << 20

/**
 * Stores a file of the local disk under the SHA-256 of its bytes and answers that handle. Storing the same
 * bytes again is free. Two passes over the file: the key comes before the rows.
 */
export async function storeFile(db: Database, path: string): Promise<string> {
  const hash = createHash('sha256')
  let byteCount = 0
  for await (const piece of createReadStream(path)) {
    hash.update(piece)
    byteCount += piece.length
  }
  const sha256 = hash.digest('hex')
  await db.transaction(async (tx) => {
    const inserted = await tx.query(
      sql`insert into file (sha256, byte_count) values (${sha256}, ${byteCount}::int8)
          on conflict do nothing returning sha256`,
    )
    if (inserted.length === 0) return
    await copyInto(tx, 'file_chunk', ['sha256', 'index', 'data'], async (rows) => {
      const key = Buffer.from(sha256)
      let index = 0
      for await (const piece of createReadStream(path, { highWaterMark: CHUNK })) {
        rows.row()
        rows.bytes(key)
        rows.int4(index++)
        rows.bytes(piece)
        await rows.flush()
      }
    })
  })
  return sha256
}

/** The bytes of a stored file, chunk by chunk. Throws UNKNOWN_FILE. */
export async function* readFileChunks(db: Database, sha256: string): AsyncGenerator<Buffer> {
  const [file] = await db.query(sql`select sha256 from file where sha256 = ${sha256}`)
  if (!file) throw unknownFile(sha256)
  for (let index = 0; ; index++) {
    const [chunk] = await db.query<{ data: Buffer }>(
      sql`select data from file_chunk where sha256 = ${sha256} and index = ${index}::int4`,
    )
    if (!chunk) return
    yield chunk.data
  }
}

/** A whole stored file. Throws UNKNOWN_FILE. */
export async function readFile(db: Database, sha256: string): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of readFileChunks(db, sha256)) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** Throws UNKNOWN_FILE where no file has this handle. */
export async function checkFile(db: Database, sha256: string): Promise<void> {
  await fileSize(db, sha256)
}

/** The bytes of a stored file, counted. Throws UNKNOWN_FILE. */
export async function fileSize(db: Database, sha256: string): Promise<number> {
  const [file] = await db.query<{ byteCount: number }>(
    sql`select byte_count::float8 as "byteCount" from file where sha256 = ${sha256}`,
  )
  if (!file) throw unknownFile(sha256)
  return file.byteCount
}

/** Removes a file unless a network still needs it. */
export async function deleteFile(db: Database, sha256: string): Promise<void> {
  await db.query(
    sql`delete from file f where sha256 = ${sha256} and not exists (select from network n where n.sha256 = f.sha256)`,
  )
}

/** Removes files that no network needs and that were uploaded more than `hours` ago. */
export async function deleteStaleFiles(db: Database, hours: number): Promise<void> {
  await db.query(
    sql`delete from file f where created_at < now() - make_interval(hours => ${hours}::int4)
          and not exists (select from network n where n.sha256 = f.sha256)`,
  )
}

function unknownFile(sha256: string): AtlasError {
  return new AtlasError(
    'UNKNOWN_FILE',
    `There is no uploaded file "${sha256}": upload it with PUT /files and pass the handle it answers.`,
  )
}
