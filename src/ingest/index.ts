/**
 * Readers that turn dataset files (NPY, NPZ, IDX, CSV, folders of images) into streams of samples.
 */
export type { DatasetFormat, DatasetOptions, ElementType, OpenDataset, SampleBatch } from './dataset.ts'
export { decodeValues } from './decodeValues.ts'
export { joinTokens, type TokenStyle } from './vocabulary/styles.ts'
export type { Vocabulary } from './vocabulary/read.ts'
export { openDataset } from './openDataset.ts'
