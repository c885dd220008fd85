import type { DatasetFormat, ElementType, SampleBatch } from './dataset.ts'
import type { LabelEncoder } from './labelEncoder.ts'

/** What each format gives; the rest of an OpenDataset is the same for all. Nothing is open until it is read. */
export interface SampleReader {
  readonly format: DatasetFormat
  /** Shape of one sample as the file has it. */
  readonly shape: number[]
  readonly elementType: ElementType
  /** Number of samples, where known. */
  readonly inputCount: number | null
  /** Names of the classes that the file or folder itself gives. */
  readonly classNames: readonly string[] | null
  /** Where labels are: in every batch, in an array of their own, or nowhere. */
  readonly labels: 'inline' | LabelReader | null
  /** Where to look for a value, in words: its sample from 0 and its index in the flattened sample. */
  locate(sample: number, value: number): string
  /** The samples, labelled where labels are inline. */
  batches(encoder: LabelEncoder): AsyncIterable<SampleBatch>
}

/** One label a sample, apart from the samples. */
export interface LabelReader {
  /** Number of labels, where known. */
  readonly count: number | null
  batches(encoder: LabelEncoder): AsyncIterable<Int32Array>
}
