import { basename } from 'node:path'
import { crc32 } from 'node:zlib'
import { openPromise, type Entry, type ZipFile } from 'yauzl'
import { AtlasError } from '../../compute/errors.ts'
import { checkGrowth, type ByteSource } from './bytes.ts'

/** Files of an archive at most: an NPZ has one an array. */
const MAX_ENTRIES = 10_000

/** The files in a zip archive, by name, each a source of its own. Throws MALFORMED_NPZ, DECOMPRESSES_TOO_FAR. */
export async function zipSources(path: string): Promise<Map<string, ByteSource>> {
  const zip = await openZip(path)
  const sources = new Map<string, ByteSource>()
  try {
    if (zip.entryCount > MAX_ENTRIES)
      throw new Error(`it holds ${zip.entryCount} files, and ${MAX_ENTRIES} are read`)
    for await (const entry of zip.eachEntry()) {
      const name = `${basename(path)}#${entry.fileName}`
      // Its reader sees to it that no more comes than is said here.
      checkGrowth(name, entry.compressedSize, entry.uncompressedSize)
      sources.set(entry.fileName, {
        name,
        byteCount: entry.uncompressedSize,
        chunks: () => readEntry(path, entry),
      })
    }
  } catch (error) {
    throw error instanceof AtlasError ? error : malformed(path, error)
  } finally {
    zip.close()
  }
  return sources
}

async function* readEntry(path: string, entry: Entry): AsyncGenerator<Buffer> {
  const zip = await openZip(path)
  try {
    const stream = await zip.openReadStreamPromise(entry)
    let checksum = 0
    for await (const chunk of stream) {
      checksum = crc32(chunk, checksum)
      yield chunk
    }
    if (checksum !== entry.crc32) throw new Error(`the checksum of ${entry.fileName} is wrong`)
  } catch (error) {
    throw malformed(path, error)
  } finally {
    zip.close()
  }
}

async function openZip(path: string): Promise<ZipFile> {
  try {
    return await openPromise(path, { lazyEntries: true, autoClose: false })
  } catch (error) {
    throw malformed(path, error)
  }
}

function malformed(path: string, cause: unknown): AtlasError {
  const problem = cause instanceof Error ? cause.message : String(cause)
  return new AtlasError('MALFORMED_NPZ', `"${basename(path)}" cannot be read as an NPZ file: ${problem}.`, {
    cause,
  })
}
