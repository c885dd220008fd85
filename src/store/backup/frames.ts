/**
 * How the file of a backup is made: a line that says what it is, and behind it, compressed with gzip, frames. A frame is
 * a letter, the number of its bytes (4, big-endian), and these:
 *
 *     H  what the backup is of: see `headerSchema`
 *     T  a table begins: its name, as JSON
 *     D  bytes of the table: pieces of COPY … (format binary)
 *     E  the table ends: its rows, bytes and SHA-256, as in the manifest
 *     Z  the manifest: what must have come before
 *
 * The manifest comes last, since nobody knows the sums before the bytes have passed: a file can be written and read in
 * one go, in bounded memory, and one that was cut has no manifest.
 */
import { z } from 'zod'
import { AtlasError } from '../../../compute/errors.ts'

/** Begin of the first line of a backup; behind it the version of the format. */
export const MAGIC = 'polytope-atlas-backup '
/** Version of the format that is written. */
export const FORMAT = 1
/** Bytes of data in one frame at most. */
const LARGEST = 1 << 20
const HEAD = 5

export type FrameKind = 'H' | 'T' | 'D' | 'E' | 'Z'

export interface Frame {
  kind: FrameKind
  bytes: Buffer
}

const tableSchema = z.object({
  name: z.string(),
  columns: z.array(z.object({ name: z.string(), type: z.string() })),
})

/** A table of a backup: its columns as Postgres writes their types. */
export type BackedUpTable = z.infer<typeof tableSchema>

export const headerSchema = z.object({
  createdAt: z.iso.datetime(),
  /** Version of the atlas that wrote it, and of its Postgres. */
  atlas: z.string(),
  postgres: z.string(),
  /** Names of the migrations that had been applied. */
  migrations: z.array(z.string()),
  tables: z.array(tableSchema),
})

export type BackupHeader = z.infer<typeof headerSchema>

export const sumsSchema = z.object({
  name: z.string(),
  rows: z.int(),
  bytes: z.int(),
  sha256: z.string(),
})

/** What passed of a table: its rows, its bytes as COPY has them, and their SHA-256. */
export type TableSums = z.infer<typeof sumsSchema>

export const manifestSchema = z.object({
  tables: z.array(sumsSchema),
  /** Last values of the sequences; null where none was taken. */
  sequences: z.array(z.object({ name: z.string(), value: z.string().nullable() })),
})

export type BackupManifest = z.infer<typeof manifestSchema>

/** A frame of a document. */
export function jsonFrame(kind: FrameKind, document: unknown): Buffer {
  const bytes = Buffer.from(JSON.stringify(document))
  return Buffer.concat([headOf(kind, bytes.length), bytes])
}

/** Frames of data. */
export function* dataFrames(bytes: Buffer): Generator<Buffer> {
  for (let from = 0; from < bytes.length; from += LARGEST) {
    const piece = bytes.subarray(from, from + LARGEST)
    yield headOf('D', piece.length)
    yield piece
  }
}

function headOf(kind: FrameKind, length: number): Buffer {
  const head = Buffer.alloc(HEAD)
  head.write(kind, 'latin1')
  head.writeUInt32BE(length, 1)
  return head
}

const KINDS: readonly FrameKind[] = ['H', 'T', 'D', 'E', 'Z']
/** A document lists tables and columns; more is no document of ours. */
const LARGEST_DOCUMENT = 1 << 24

/** Cuts a stream into frames. Throws BACKUP_DAMAGED where it is none of ours. */
export async function* readFrames(stream: AsyncIterable<Buffer>): AsyncGenerator<Frame> {
  let pending: Buffer[] = []
  let length = 0
  let wanted = HEAD
  for await (const block of stream) {
    pending.push(block)
    length += block.length
    if (length < wanted) continue
    const bytes = pending.length === 1 ? block : Buffer.concat(pending)
    let at = 0
    for (;;) {
      wanted = HEAD
      if (bytes.length - at < HEAD) break
      const kind = kindOf(bytes, at)
      wanted = HEAD + bytes.readUInt32BE(at + 1)
      if (bytes.length - at < wanted) break
      yield { kind, bytes: bytes.subarray(at + HEAD, at + wanted) }
      at += wanted
    }
    pending = [bytes.subarray(at)]
    length = bytes.length - at
  }
  if (length > 0) throw damaged('it ends in the middle')
}

function kindOf(bytes: Buffer, at: number): FrameKind {
  const letter = String.fromCharCode(bytes[at])
  const kind = KINDS.find((known) => known === letter)
  const size = bytes.readUInt32BE(at + 1)
  if (kind === undefined || size > (kind === 'D' ? LARGEST : LARGEST_DOCUMENT))
    throw damaged('its bytes make no sense')
  return kind
}

/** A document of a backup. Throws BACKUP_DAMAGED. */
export function parseDocument<Value>(schema: z.ZodType<Value>, bytes: Buffer): Value {
  try {
    return schema.parse(JSON.parse(bytes.toString()))
  } catch (error) {
    throw damaged('its bytes make no sense', error)
  }
}

/** The error of a file that is not as it was written. */
export function damaged(what: string, cause?: unknown): AtlasError {
  return new AtlasError(
    'BACKUP_DAMAGED',
    `The backup is damaged: ${what}. Nothing was restored. Take another backup, or copy this one again from where it came.`,
    { cause },
  )
}
