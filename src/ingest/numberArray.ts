import { AtlasError } from '../../compute/errors.ts'
import { pieces, type ByteSource } from './bytes.ts'
import { elementSize, rowsPerBatch, sizeOf, type DatasetFormat, type SampleBatch } from './dataset.ts'
import type { LabelEncoder } from './labelEncoder.ts'
import type { NumberType } from './numberTypes.ts'
import type { LabelReader, SampleReader } from './reader.ts'

/** Labels decoded at a time. */
const LABEL_BATCH = 65_536

/** An array in a file, row-major: a header, then nothing but numbers. */
export interface NumberArray {
  readonly format: 'NPY' | 'IDX'
  readonly source: ByteSource
  /** All axes, the first counting samples. */
  readonly shape: number[]
  readonly type: NumberType
  readonly littleEndian: boolean
  /** Where the numbers begin. */
  readonly offset: number
}

/** Throws TRUNCATED_FILE or MALFORMED_… where the length of the source is known and is not the array's. */
export function checkLength(array: NumberArray): NumberArray {
  const { source, shape, type, offset } = array
  if (source.byteCount !== null) compareLength(array, source.byteCount, offset + sizeOf(shape) * type.size)
  return array
}

function compareLength({ format, source, shape }: NumberArray, found: number, expected: number): void {
  if (found === expected) return
  const lengths = `it has ${found} bytes, an array of ${shape.join(' × ')} has ${expected}`
  if (found < expected)
    throw new AtlasError('TRUNCATED_FILE', `"${source.name}" is cut short: ${lengths}. Copy it again.`)
  throw new AtlasError(`MALFORMED_${format}`, `"${source.name}" goes on after its array: ${lengths}.`)
}

/** Pieces of `rows` rows each (the last shorter), after which the source ended exactly. */
async function* readRows(array: NumberArray, rows: number): AsyncGenerator<{ bytes: Buffer; rows: number }> {
  const { source, shape, type, offset } = array
  const rowBytes = sizeOf(shape.slice(1)) * type.size
  const expected = offset + shape[0] * rowBytes
  let found = offset
  for await (const bytes of pieces(source.chunks(), rows * rowBytes, offset)) {
    found += bytes.length
    if (found > expected) compareLength(array, found, expected)
    // A piece that does not end with a row is the last one: the length is checked after it.
    if (bytes.length % rowBytes === 0) yield { bytes, rows: bytes.length / rowBytes }
  }
  compareLength(array, found, expected)
}

/** Samples from an array. `sampleShape` is what one row of it is called. */
export function arraySamples(
  array: NumberArray,
  format: DatasetFormat,
  sampleShape: number[],
  labels: NumberArray | null,
): SampleReader {
  const { elementType } = array.type
  return {
    format,
    shape: sampleShape,
    elementType,
    inputCount: array.shape[0],
    classNames: null,
    labels: labels ? arrayLabels(labels) : null,
    locate: (sample, value) => `"${array.source.name}", sample ${sample}, value ${value} (both from 0)`,
    async *batches(): AsyncGenerator<SampleBatch> {
      const perBatch = rowsPerBatch(sizeOf(sampleShape) * elementSize[elementType])
      for await (const { bytes, rows } of readRows(array, perBatch))
        yield { data: toElements(bytes, array), rows, labels: null }
    },
  }
}

/** Raw numbers in the element type of the array. */
function toElements(bytes: Buffer, { type, littleEndian }: NumberArray): Uint8Array {
  if (type.elementType === 'U8') return bytes
  const values = new Float32Array(bytes.length / type.size)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  for (let i = 0; i < values.length; i++) values[i] = type.read(view, i * type.size, littleEndian)
  return new Uint8Array(values.buffer)
}

/** Labels from an array of one number a sample: of shape [n], or [n, 1] as Keras writes them. */
export function arrayLabels(array: NumberArray): LabelReader {
  const { shape, type, littleEndian, source } = array
  if (shape.length === 0 || sizeOf(shape.slice(1)) !== 1)
    throw new AtlasError(
      'WRONG_SHAPE',
      `Labels are one number a sample; "${source.name}" has the shape (${shape.join(' × ')}).`,
    )
  return {
    count: shape[0],
    async *batches(encoder: LabelEncoder) {
      let first = 0
      for await (const { bytes, rows } of readRows(array, LABEL_BATCH)) {
        const labels = new Int32Array(rows)
        const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
        for (let i = 0; i < rows; i++)
          labels[i] = encoder.fromNumber(
            type.read(view, i * type.size, littleEndian),
            () => `sample ${first + i} (from 0) in "${source.name}"`,
          )
        first += rows
        yield labels
      }
    },
  }
}
