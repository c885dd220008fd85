import { stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { AtlasError } from '../../compute/errors.ts'
import { readStart, type ByteSource } from './bytes.ts'
import { checkLength, type NumberArray } from './numberArray.ts'
import { numberTypes, type NumberType } from './numberTypes.ts'

/** By the third byte of an IDX file. */
const typeByCode = new Map<number, NumberType>([
  [0x08, numberTypes.u1],
  [0x09, numberTypes.i1],
  [0x0b, numberTypes.i2],
  [0x0c, numberTypes.i4],
  [0x0d, numberTypes.f4],
  [0x0e, numberTypes.f8],
])

/** Whether a file begins like IDX: two zeros, a known type, at least one axis. */
export function isIdx(start: Buffer): boolean {
  return start.length >= 4 && start[0] === 0 && start[1] === 0 && typeByCode.has(start[2]) && start[3] > 0
}

/**
 * Reads the header of an IDX file (the format of MNIST): two zeros, type, number of axes, then one big-endian
 * uint32 an axis. Throws MALFORMED_IDX and TRUNCATED_FILE.
 */
export async function openIdx(source: ByteSource): Promise<NumberArray> {
  const start = await readStart(source, 4 + 4 * 255)
  const type = typeByCode.get(start[2])
  if (!isIdx(start) || !type)
    throw new AtlasError(
      'MALFORMED_IDX',
      `"${source.name}" cannot be read as an IDX file: it does not begin like one.`,
    )
  const offset = 4 + 4 * start[3]
  if (start.length < offset)
    throw new AtlasError('TRUNCATED_FILE', `"${source.name}" ends inside its header: copy it again.`)
  const shape = Array.from({ length: start[3] }, (_, axis) => start.readUInt32BE(4 + 4 * axis))
  return checkLength({ format: 'IDX', source, shape, type, littleEndian: false, offset })
}

/** Shape of one sample. Images get a channel axis in front, [1, rows, columns], as networks for MNIST take them. */
export function idxSampleShape(shape: readonly number[]): number[] {
  return shape.length === 3 ? [1, shape[1], shape[2]] : shape.slice(1)
}

/** The labels beside a file of images named as MNIST's are (`t10k-images-idx3-ubyte[.gz]`), or null. */
export async function siblingLabels(path: string): Promise<string | null> {
  const name = /^(.*)images([-.])idx3-ubyte(?:\.gz)?$/.exec(basename(path))
  if (!name) return null
  for (const extension of ['', '.gz']) {
    const sibling = join(dirname(path), `${name[1]}labels${name[2]}idx1-ubyte${extension}`)
    const found = await stat(sibling).catch(() => null)
    if (found?.isFile()) return sibling
  }
  return null
}
