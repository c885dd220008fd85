import { extname } from 'node:path'
import { AtlasError } from '../../compute/errors.ts'
import { readStart, type ByteSource } from './bytes.ts'
import type { DatasetFormat } from './dataset.ts'
import { isIdx } from './idx.ts'
import { NPY_MAGIC } from './npy.ts'

/** Bytes that are looked at. */
const START_BYTES = 4096

const formatByExtension = new Map<string, FileFormat>([
  ['.npy', 'NPY'],
  ['.npz', 'NPZ'],
  ['.idx', 'IDX'],
  ['.csv', 'CSV'],
])

/** Extensions that say no more than that a file is text or data; uploaded files have none. */
const VAGUE_EXTENSIONS = ['', '.txt', '.data', '.dat']

export type FileFormat = Exclude<DatasetFormat, 'IMAGES'>

/** The format of a file: by its first bytes, else by its extension. Throws UNKNOWN_FORMAT, EMPTY_DATASET. */
export async function detectFormat(source: ByteSource): Promise<FileFormat> {
  const start = await readStart(source, START_BYTES)
  if (start.length === 0)
    throw new AtlasError('EMPTY_DATASET', `"${source.name}" is empty: there is nothing to import.`)
  if (start.subarray(0, NPY_MAGIC.length).equals(NPY_MAGIC)) return 'NPY'
  // The first entry of an archive, or the end of an empty one.
  if (['PK\x03\x04', 'PK\x05\x06'].includes(start.toString('latin1', 0, 4))) return 'NPZ'
  if (isIdx(start)) return 'IDX'
  const extension = extname(source.name.replace(/\.gz$/i, '')).toLowerCase()
  const byExtension = formatByExtension.get(extension)
  if (byExtension) return byExtension
  if (VAGUE_EXTENSIONS.includes(extension) && isText(start)) return 'CSV'
  const known = 'NPY, NPZ, IDX, CSV (.npy, .idx and .csv also as .gz) and folders of PNG or JPEG images'
  throw new AtlasError('UNKNOWN_FORMAT', `The format of "${source.name}" is not known. Known are ${known}.`)
}

/** No control character but tab, line feed and carriage return. */
function isText(start: Buffer): boolean {
  return start.every((byte) => byte >= 32 || byte === 9 || byte === 10 || byte === 13)
}
