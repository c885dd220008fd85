import { AtlasError } from '../../compute/errors.ts'
import { readStart, type ByteSource } from './bytes.ts'
import { checkLength, type NumberArray } from './numberArray.ts'
import { numberTypes, type NumberType } from './numberTypes.ts'

/** First bytes of every NPY file. */
export const NPY_MAGIC = Buffer.from('\x93NUMPY', 'latin1')

/** A header is about 100 bytes; NumPy itself refuses to evaluate one of more than 10,000. */
const MAX_HEADER_BYTES = 10_000

/**
 * Reads the header of an NPY file, versions 1 to 3 (NumPy Enhancement Proposal 1 and `numpy.lib.format`).
 * Throws MALFORMED_NPY and TRUNCATED_FILE.
 */
export async function openNpy(source: ByteSource): Promise<NumberArray> {
  const start = await readStart(source, 12)
  if (start.length < 10 || !start.subarray(0, 6).equals(NPY_MAGIC))
    throw malformed(source, 'it does not begin like one')
  const version = start[6]
  if (version < 1 || version > 3) throw malformed(source, `its version is ${version}, known are 1, 2 and 3`)
  const headerStart = version === 1 ? 10 : 12
  const headerBytes =
    version === 1 ? start.readUInt16LE(8) : start.length < 12 ? Infinity : start.readUInt32LE(8)
  if (headerBytes > MAX_HEADER_BYTES) throw malformed(source, 'its header is too long')
  const offset = headerStart + headerBytes
  const bytes = await readStart(source, offset)
  if (bytes.length < offset)
    throw new AtlasError('TRUNCATED_FILE', `"${source.name}" ends inside its header: copy it again.`)
  const header = bytes.toString(version === 3 ? 'utf8' : 'latin1', headerStart)
  const { type, littleEndian } = readDescr(source, header)
  const shape = readShape(source, header)
  return checkLength({ format: 'NPY', source, shape, type, littleEndian, offset })
}

function readDescr(source: ByteSource, header: string): { type: NumberType; littleEndian: boolean } {
  const order = /['"]fortran_order['"]\s*:\s*(True|False)/.exec(header)
  if (!order) throw malformed(source, 'its header has no fortran_order')
  if (order[1] === 'True')
    throw malformed(
      source,
      'it is in Fortran (column-major) order: save numpy.ascontiguousarray(array) instead',
    )
  const descr = /['"]descr['"]\s*:\s*(?:['"]([^'"]*)['"]|\[)/.exec(header)
  if (!descr) throw malformed(source, 'its header has no descr')
  const parts = /^([<>|=])([a-z]\d+)$/.exec(descr[1] ?? '')
  const type = parts && Object.entries(numberTypes).find(([name]) => name === parts[2])?.[1]
  if (!parts || !type) {
    const known = Object.keys(numberTypes).join(', ')
    throw malformed(source, `its element type is ${descr[1] ?? 'a structure'}, known are ${known}`)
  }
  return { type, littleEndian: parts[1] !== '>' }
}

function readShape(source: ByteSource, header: string): number[] {
  const tuple = /['"]shape['"]\s*:\s*\(([\d\s,L]*)\)/.exec(header)
  if (!tuple) throw malformed(source, 'its header has no shape')
  return (tuple[1].match(/\d+/g) ?? []).map(Number)
}

function malformed(source: ByteSource, problem: string): AtlasError {
  return new AtlasError('MALFORMED_NPY', `"${source.name}" cannot be read as an NPY file: ${problem}.`)
}
