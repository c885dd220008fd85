import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { basename } from 'node:path'
import { pipeline, type Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { AtlasError } from '../../compute/errors.ts'

/** Bytes read at a time: the CSV parser takes about 10 ms for them. */
const CHUNK_BYTES = 1 << 16

/**
 * How far packed data may grow: deflate packs at most 1,032 to 1, and numbers that mean anything hardly ever 200 to 1. What
 * stays small does no harm.
 */
const MAX_GROWTH = 200
const HARMLESS_BYTES = 2 ** 28

/** Throws DECOMPRESSES_TOO_FAR for a file made to fill the disk of whoever unpacks it. */
export function checkGrowth(name: string, packed: number, unpacked: number): void {
  if (unpacked <= HARMLESS_BYTES || unpacked <= MAX_GROWTH * packed) return
  throw new AtlasError(
    'DECOMPRESSES_TOO_FAR',
    `"${name}" unpacks to more than ${MAX_GROWTH} times its ${packed} bytes, which looks made to fill a disk: give it unpacked.`,
  )
}

/** A stream of bytes that can be started again from the beginning. */
export interface ByteSource {
  /** What messages call it. */
  readonly name: string
  /** Length, where it is known without reading; null when compressed. */
  readonly byteCount: number | null
  /** Reads from the start. Whatever is open is closed when the iteration ends, however it ends. */
  chunks(): AsyncIterable<Buffer>
}

/** A file; a gzip file (by its first bytes) is decompressed as it is read. */
export async function fileSource(path: string): Promise<ByteSource & { compressed: boolean }> {
  const handle = await open(path)
  try {
    const magic = Buffer.alloc(2)
    await handle.read(magic, 0, 2, 0)
    const compressed = magic.readUInt16BE(0) === 0x1f8b
    const name = basename(path)
    const { size } = await handle.stat()
    const chunks = () => (compressed ? unpack(path, name, size) : readChunks(path))
    return { name, byteCount: compressed ? null : size, compressed, chunks }
  } finally {
    await handle.close()
  }
}

async function* readChunks(path: string): AsyncGenerator<Buffer> {
  const file = createReadStream(path, { highWaterMark: CHUNK_BYTES })
  try {
    for await (const chunk of file) yield chunk
  } finally {
    file.destroy()
    await finished(file).catch(() => undefined)
  }
}

async function* unpack(path: string, name: string, packed: number): AsyncGenerator<Buffer> {
  const file = createReadStream(path, { highWaterMark: CHUNK_BYTES })
  // The iteration below gets the errors of both streams.
  const stream: Readable = pipeline(file, createGunzip({ chunkSize: CHUNK_BYTES }), () => undefined)
  let unpacked = 0
  try {
    for await (const chunk of stream) {
      checkGrowth(name, packed, (unpacked += chunk.length))
      yield chunk
    }
  } catch (error) {
    throw gzipError(error, name)
  } finally {
    file.destroy()
    await finished(file).catch(() => undefined)
  }
}

function gzipError(error: unknown, name: string): unknown {
  if (error instanceof AtlasError || !(error instanceof Error) || !('code' in error)) return error
  if (error.code === 'Z_BUF_ERROR')
    return new AtlasError('TRUNCATED_FILE', `"${name}" ends in the middle of its gzip data: copy it again.`)
  if (String(error.code).startsWith('Z_'))
    return new AtlasError('MALFORMED_GZIP', `"${name}" is a damaged gzip file (${error.message}).`)
  return error
}

/** The first bytes of a source: `length` of them, or all if there are fewer. */
export async function readStart(source: ByteSource, length: number): Promise<Buffer> {
  for await (const piece of pieces(source.chunks(), length)) return piece
  return Buffer.alloc(0)
}

/** Cuts a stream of bytes, after the first `skip`, into buffers of `size` bytes; the last one may be shorter. */
export async function* pieces(chunks: AsyncIterable<Buffer>, size: number, skip = 0): AsyncGenerator<Buffer> {
  let parts: Buffer[] = []
  let gathered = 0
  for await (const chunk of chunks) {
    let from = Math.min(skip, chunk.length)
    skip -= from
    while (from < chunk.length) {
      const part = chunk.subarray(from, from + size - gathered)
      parts.push(part)
      gathered += part.length
      from += part.length
      if (gathered < size) continue
      yield Buffer.concat(parts, gathered)
      parts = []
      gathered = 0
    }
  }
  if (gathered > 0) yield Buffer.concat(parts, gathered)
}
