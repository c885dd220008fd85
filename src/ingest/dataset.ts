import type { Vocabulary } from './vocabulary/read.ts'

/**
 * How the values of a sample are stored: `U8` one byte each, `F32` little-endian float32. A source of bytes
 * stays U8; every other number type becomes F32 (integers beyond 2^24 are rounded).
 */
export type ElementType = 'U8' | 'F32'

export type DatasetFormat = 'NPY' | 'NPZ' | 'IDX' | 'CSV' | 'IMAGES'

/** What the user says about a dataset where the file does not, or says it otherwise. */
export interface DatasetOptions {
  /** NPY, NPZ, IDX or CSV file with one label a sample; it replaces labels that the data file holds. */
  labelsPath?: string
  /** Element l names the label l. */
  classNames?: string[]
  /** Shape of one sample, of as many values as the file's own shape. */
  shape?: number[]
  /** value = fround(raw × scale). Default 1/255 for U8, 1 for F32. */
  scale?: number
  /** File with the strings of the token ids that the samples hold, see `readVocabulary`. The scale is 1 then. */
  vocabularyPath?: string
  /** CSV: column of the labels, by name or index from 0, or `first`, `last`, `none`. */
  labelColumn?: string
}

/** Consecutive samples. The buffers belong to the receiver. */
export interface SampleBatch {
  /** `rows` samples one after the other, row-major, raw numbers in the dataset's element type. */
  data: Uint8Array
  rows: number
  /** One a row; null in every batch where the dataset has no labels. */
  labels: Int32Array | null
}

/** A dataset that is ready to be read once, from start to end. */
export interface OpenDataset {
  readonly format: DatasetFormat
  /** Shape of one sample. */
  readonly shape: number[]
  readonly elementType: ElementType
  /** value = fround(raw × scale). */
  readonly scale: number
  /** Number of samples where the file tells it up front. */
  readonly inputCount: number | null
  /** The strings of the token ids that the samples hold; null where they hold something else. */
  readonly vocabulary: Vocabulary | null
  /** Empty without labels. Unless the user or the file names the classes, final only when samples() is drained. */
  readonly classNames: string[]
  /**
   * The samples in order, in batches of about 1 MiB; may be called once. Files are closed when it ends, however
   * it ends. Throws the errors that `openDataset` lists.
   */
  samples(): AsyncIterable<SampleBatch>
  /**
   * SHA-256 (hexadecimal) of shape, element type, scale, raw numbers and labels, whatever file format they come
   * from. Only after samples() was drained.
   */
  sha256(): string
  /** Closes what is still open. */
  close(): Promise<void>
}

/** Bytes of samples a batch holds at most, unless one sample is larger. */
export const BATCH_BYTES = 1 << 20

/** Bytes of one sample at most: several samples are in memory at a time. */
export const MAX_SAMPLE_BYTES = 1 << 28

/** Bytes of one value. */
export const elementSize = { U8: 1, F32: 4 } as const satisfies Record<ElementType, number>

/** Number of values in a tensor of `shape`; 1 for []. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, axis) => size * axis, 1)
}

/** How many samples of this many bytes make a batch: at least one. */
export function rowsPerBatch(sampleBytes: number): number {
  return Math.max(1, Math.floor(BATCH_BYTES / sampleBytes))
}
