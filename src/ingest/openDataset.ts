import { access, constants, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { AtlasError } from '../../compute/errors.ts'
import { fileSource } from './bytes.ts'
import { openCsv, openCsvLabels } from './csv.ts'
import type { DatasetOptions, OpenDataset } from './dataset.ts'
import { detectFormat } from './detect.ts'
import { idxSampleShape, openIdx, siblingLabels } from './idx.ts'
import { openImages } from './images.ts'
import { openNpy } from './npy.ts'
import { openNpz, openNpzArray } from './npz.ts'
import { arrayLabels, arraySamples, type NumberArray } from './numberArray.ts'
import type { LabelReader, SampleReader } from './reader.ts'
import { SampleStream } from './sampleStream.ts'
import { readVocabulary } from './vocabulary/read.ts'

/**
 * Opens a dataset and reads as much of it as tells its shape. `path` is an NPY, NPZ, IDX or CSV file (all but NPZ
 * also gzipped), `FILE.npz#ARRAY`, or a folder of images. The format goes by the first bytes, then by the extension.
 *
 * Throws, here or while samples are read: FILE_NOT_FOUND, UNKNOWN_FORMAT, EMPTY_DATASET, TRUNCATED_FILE,
 * MALFORMED_NPY, MALFORMED_NPZ, MALFORMED_IDX, MALFORMED_CSV, MALFORMED_GZIP, DECOMPRESSES_TOO_FAR, MALFORMED_IMAGE, AMBIGUOUS_ARRAYS,
 * UNKNOWN_ARRAY, UNKNOWN_COLUMN, WRONG_IMAGE_SIZE, WRONG_SHAPE, SAMPLE_TOO_LARGE, BAD_SCALE, NON_FINITE_VALUE,
 * NO_LABELS (class names without labels), LABEL_COUNT_MISMATCH, LABEL_OUT_OF_RANGE, MALFORMED_VOCABULARY,
 * UNKNOWN_TOKEN.
 */
export async function openDataset(path: string, options: DatasetOptions = {}): Promise<OpenDataset> {
  const { labelsPath, labelColumn, vocabularyPath } = options
  const withLabels = labelsPath === undefined
  const reader = await openSamples(path, withLabels, withLabels ? labelColumn : undefined)
  const labels = withLabels ? null : await openLabels(labelsPath, labelColumn)
  const vocabulary = vocabularyPath === undefined ? null : await readVocabulary(vocabularyPath)
  return new SampleStream(reader, labels, vocabulary, options)
}

async function openSamples(
  path: string,
  withLabels: boolean,
  labelColumn: string | undefined,
): Promise<SampleReader> {
  const { file, arrayName, isFolder } = await locate(path)
  if (isFolder) return openImages(file)
  const { source, format } = await openFile(file, arrayName)
  switch (format) {
    case 'NPY':
      return arrayReader(await openNpy(source), 'NPY', null)
    case 'NPZ': {
      const { data, labels } = await openNpz(file, arrayName, withLabels)
      return arrayReader(data, 'NPZ', labels)
    }
    case 'IDX': {
      const sibling = withLabels ? await siblingLabels(file) : null
      const labels = sibling === null ? null : await openIdx(await fileSource(sibling))
      return arrayReader(await openIdx(source), 'IDX', labels)
    }
    case 'CSV':
      return openCsv(source, labelColumn)
  }
}

async function openLabels(path: string, labelColumn: string | undefined): Promise<LabelReader> {
  const { file, arrayName, isFolder } = await locate(path)
  if (isFolder)
    throw new AtlasError('UNKNOWN_FORMAT', `"${basename(file)}" is a folder: labels come in one file.`)
  const { source, format } = await openFile(file, arrayName)
  switch (format) {
    case 'NPY':
      return arrayLabels(await openNpy(source))
    case 'NPZ':
      return arrayLabels(await openNpzArray(file, arrayName))
    case 'IDX':
      return arrayLabels(await openIdx(source))
    case 'CSV':
      return openCsvLabels(source, labelColumn)
  }
}

/** Samples along the first axis; an array of one axis has samples of one value. */
function arrayReader(
  array: NumberArray,
  format: 'NPY' | 'NPZ' | 'IDX',
  labels: NumberArray | null,
): SampleReader {
  const { shape, source } = array
  if (shape.length === 0)
    throw new AtlasError('WRONG_SHAPE', `"${source.name}" is a single number: samples need a first axis.`)
  const sampleShape = format === 'IDX' ? idxSampleShape(shape) : shape.slice(1)
  return arraySamples(array, format, sampleShape.length === 0 ? [1] : sampleShape, labels)
}

async function openFile(file: string, arrayName: string | null) {
  const source = await fileSource(file)
  const format = await detectFormat(source)
  if (format === 'NPZ' && source.compressed)
    throw new AtlasError('UNKNOWN_FORMAT', `"${source.name}" is a gzipped NPZ file: gunzip it first.`)
  if (format !== 'NPZ' && arrayName !== null)
    throw new AtlasError('UNKNOWN_ARRAY', `"${source.name}" is no NPZ file: it has no array "${arrayName}".`)
  return { source, format }
}

/** What a path leads to; what follows its last # names an array, unless it belongs to the file's name. */
async function locate(path: string): Promise<{ file: string; arrayName: string | null; isFolder: boolean }> {
  const mark = path.lastIndexOf('#')
  const candidates: [string, string | null][] = [[path, null]]
  if (mark > 0) candidates.push([path.slice(0, mark), path.slice(mark + 1)])
  for (const [file, arrayName] of candidates) {
    const found = await stat(file).catch(() => null)
    const isFolder = found?.isDirectory() ?? false
    if (!found?.isFile() && !(isFolder && arrayName === null)) continue
    const denied = await access(file, constants.R_OK).catch((error: unknown) => error)
    if (denied === undefined) return { file, arrayName, isFolder }
  }
  throw new AtlasError('FILE_NOT_FOUND', `There is no file or folder "${path}", or it cannot be read.`)
}
