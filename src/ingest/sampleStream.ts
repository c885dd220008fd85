import { AtlasError } from '../../compute/errors.ts'
import {
  elementSize,
  MAX_SAMPLE_BYTES,
  sizeOf,
  type DatasetFormat,
  type DatasetOptions,
  type ElementType,
  type OpenDataset,
  type SampleBatch,
} from './dataset.ts'
import { DatasetDigest } from './digest.ts'
import { LabelEncoder } from './labelEncoder.ts'
import { LabelQueue } from './labelQueue.ts'
import { decodeValues } from './decodeValues.ts'
import type { LabelReader, SampleReader } from './reader.ts'
import type { Vocabulary } from './vocabulary/read.ts'

/** What all formats share: reshaping, scale, labels from elsewhere, checks, hash. */
export class SampleStream implements OpenDataset {
  readonly format: DatasetFormat
  readonly shape: number[]
  readonly elementType: ElementType
  readonly scale: number
  readonly inputCount: number | null
  readonly vocabulary: Vocabulary | null
  readonly #reader: SampleReader
  readonly #labels: LabelReader | 'inline' | null
  readonly #encoder: LabelEncoder
  #samples: AsyncGenerator<SampleBatch> | null = null
  #sha256: string | null = null

  /** `labels` replace those of the reader. Throws the errors that can be told before reading. */
  constructor(
    reader: SampleReader,
    labels: LabelReader | null,
    vocabulary: Vocabulary | null,
    options: DatasetOptions,
  ) {
    this.#reader = reader
    this.vocabulary = vocabulary
    this.#labels = labels ?? reader.labels
    this.format = reader.format
    this.elementType = reader.elementType
    this.inputCount = reader.inputCount
    this.shape = checkShape(reader, options.shape)
    this.scale = vocabulary
      ? checkTokenScale(options.scale)
      : checkScale(options.scale ?? (reader.elementType === 'U8' ? 1 / 255 : 1))
    if (options.classNames && this.#labels === null)
      throw new AtlasError(
        'NO_LABELS',
        'There are class names but no labels: add the labels, or leave the names away.',
      )
    this.#encoder = new LabelEncoder(options.classNames ?? (labels ? null : reader.classNames))
    const labelCount = typeof this.#labels === 'object' ? this.#labels?.count : null
    if (this.inputCount !== null && labelCount != null && labelCount !== this.inputCount)
      throw labelCountMismatch(this.inputCount, labelCount)
  }

  get classNames(): string[] {
    return this.#labels === null ? [] : this.#encoder.classNames
  }

  samples(): AsyncIterable<SampleBatch> {
    if (this.#samples) throw new Error('samples() may be called once')
    this.#samples = this.#read()
    return this.#samples
  }

  sha256(): string {
    if (this.#sha256 === null) throw new Error('sha256() before samples() was drained')
    return this.#sha256
  }

  async close(): Promise<void> {
    await this.#samples?.return(undefined)
  }

  async *#read(): AsyncGenerator<SampleBatch> {
    const digest = new DatasetDigest()
    const apart = this.#labels === null || this.#labels === 'inline' ? null : this.#labels
    const queue = apart && new LabelQueue(apart.batches(this.#encoder))
    let rows = 0
    let labelCount = 0
    try {
      for await (const batch of this.#reader.batches(this.#encoder)) {
        const labels = queue ? await queue.take(batch.rows) : batch.labels
        rows += batch.rows
        labelCount += labels?.length ?? 0
        // Where labels run out, the rest of the samples is only counted, for the message.
        if (queue && labelCount < rows) continue
        if (this.elementType === 'F32') this.#checkFinite(batch, rows - batch.rows)
        if (this.vocabulary) this.#checkTokens(batch, this.vocabulary, rows - batch.rows)
        digest.add(batch.data, labels)
        yield { data: batch.data, rows: batch.rows, labels }
      }
      if (rows === 0)
        throw new AtlasError('EMPTY_DATASET', 'The file holds no sample: there is nothing to import.')
      if (queue) labelCount += await queue.countRest()
      if (queue && labelCount !== rows) throw labelCountMismatch(rows, labelCount)
      this.#sha256 = digest.finish(this.shape, this.elementType, this.scale)
    } finally {
      await queue?.close()
    }
  }

  #checkTokens({ data }: SampleBatch, { tokens }: Vocabulary, firstSample: number): void {
    const ids = decodeValues(data, this.elementType, 1)
    const i = ids.findIndex((id) => !tokens.has(id))
    if (i < 0) return
    const sampleSize = sizeOf(this.shape)
    const place = this.#reader.locate(firstSample + Math.floor(i / sampleSize), i % sampleSize)
    throw new AtlasError(
      'UNKNOWN_TOKEN',
      `The vocabulary has no token ${ids[i]}: ${place}. Give the vocabulary that the ids were made with.`,
    )
  }

  /** Checks the values as networks get them: a scale may take a large number beyond float32. */
  #checkFinite({ data }: SampleBatch, firstSample: number): void {
    const { buffer, byteOffset, length } = data
    const values = new Float32Array(buffer, byteOffset, length / Float32Array.BYTES_PER_ELEMENT)
    const { scale } = this
    for (let i = 0; i < values.length; i++) {
      if (Number.isFinite(Math.fround(values[i] * scale))) continue
      const sampleSize = sizeOf(this.shape)
      const place = this.#reader.locate(firstSample + Math.floor(i / sampleSize), i % sampleSize)
      const found = Number.isNaN(values[i]) ? 'is NaN' : 'is infinite, or too large for float32'
      throw new AtlasError(
        'NON_FINITE_VALUE',
        `A value ${found}: ${place}. Replace it or leave the sample out.`,
      )
    }
  }
}

function checkTokenScale(scale = 1): number {
  if (scale === 1) return scale
  throw new AtlasError(
    'BAD_SCALE',
    `Token ids are taken as they are: leave out the scale, which is ${scale}.`,
  )
}

function checkShape(reader: SampleReader, asked: readonly number[] | undefined): number[] {
  const size = sizeOf(reader.shape)
  if (size === 0 || reader.inputCount === 0)
    throw new AtlasError('EMPTY_DATASET', 'The file holds no values: there is nothing to import.')
  if (!(size * elementSize[reader.elementType] <= MAX_SAMPLE_BYTES))
    throw new AtlasError(
      'SAMPLE_TOO_LARGE',
      `One sample has ${size} values; at most ${MAX_SAMPLE_BYTES / 2 ** 20} MiB a sample can be read.`,
    )
  if (!asked) return [...reader.shape]
  if (!asked.every((axis) => Number.isSafeInteger(axis) && axis > 0) || sizeOf(asked) !== size) {
    const shapes = `${asked.join(' × ') || 'the empty shape'} does not fit`
    const hint =
      reader.format === 'CSV' && reader.labels === null && sizeOf(asked) === size - 1
        ? ' If one column holds the labels, say which.'
        : ''
    throw new AtlasError(
      'WRONG_SHAPE',
      `A sample has ${size} values (${reader.shape.join(' × ')}): ${shapes}.${hint}`,
    )
  }
  return [...asked]
}

function checkScale(scale: number): number {
  // Bytes are not checked one by one: the largest must stay within float32.
  if (Number.isFinite(Math.fround(255 * scale)) && scale !== 0) return scale
  throw new AtlasError('BAD_SCALE', `The scale is ${scale}: give a finite number other than 0, below 10^36.`)
}

function labelCountMismatch(samples: number, labels: number): AtlasError {
  return new AtlasError(
    'LABEL_COUNT_MISMATCH',
    `There are ${samples} samples and ${labels} labels: give one label a sample, in the same order.`,
  )
}
