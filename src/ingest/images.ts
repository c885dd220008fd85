import { join } from 'node:path'
import sharp from 'sharp'
import { AtlasError } from '../../compute/errors.ts'
import { MAX_SAMPLE_BYTES, rowsPerBatch, sizeOf, type SampleBatch } from './dataset.ts'
import { scanImageFolder } from './imageFolder.ts'
import type { SampleReader } from './reader.ts'

/** Images decoded at the same time; each is one task of the thread pool. */
const PARALLEL = 8

/**
 * Opens a folder of PNG and JPEG images of one size: raw bytes in the shape [channels, height, width]. Grey images
 * have 1 channel, colour images 3; an alpha channel is dropped; colour profiles and orientation tags are not
 * applied, so that the numbers are those of the file. The first image decides the shape.
 * Throws EMPTY_DATASET, UNKNOWN_FORMAT, MALFORMED_IMAGE, and later WRONG_IMAGE_SIZE.
 */
export async function openImages(path: string): Promise<SampleReader> {
  const { files, labels, classNames } = await scanImageFolder(path)
  const shape = await imageShape(path, files[0])
  return {
    format: 'IMAGES',
    shape,
    elementType: 'U8',
    inputCount: files.length,
    classNames,
    labels: labels ? 'inline' : null,
    locate: (sample, value) => `"${files[sample]}", value ${value} (from 0)`,
    async *batches(encoder): AsyncGenerator<SampleBatch> {
      const sampleSize = sizeOf(shape)
      const perBatch = rowsPerBatch(sampleSize)
      for (let first = 0; first < files.length; first += perBatch) {
        const batch = files.slice(first, first + perBatch)
        const data = new Uint8Array(batch.length * sampleSize)
        for (let row = 0; row < batch.length; row += PARALLEL) {
          const group = batch.slice(row, row + PARALLEL)
          const images = await Promise.all(group.map((file) => decodeImage(path, file, files[0], shape)))
          images.forEach((image, i) => writePlanes(data, (row + i) * sampleSize, image, shape[0]))
        }
        const batchLabels = labels?.slice(first, first + batch.length) ?? null
        batchLabels?.forEach((label, row) => encoder.fromNumber(label, () => `"${files[first + row]}"`))
        yield { data, rows: batch.length, labels: batchLabels }
      }
    },
  }
}

/** The size that an image will have, from its header. */
async function imageShape(folder: string, file: string): Promise<number[]> {
  const { width, height, channels, hasAlpha, space, depth } = await readImage(file, () =>
    sharp(join(folder, file)).metadata(),
  )
  const problem =
    depth !== 'uchar'
      ? 'has more than 8 bits a channel'
      : space !== 'b-w' && space !== 'srgb'
        ? `is in the colour space ${space}`
        : null
  if (problem !== null) {
    const advice = 'save it as a grey or RGB image of 8 bits a channel'
    throw new AtlasError('MALFORMED_IMAGE', `The image "${file}" ${problem}: ${advice}.`)
  }
  return [channels - (hasAlpha ? 1 : 0), height, width]
}

/** The pixels of one image, channels interleaved. */
async function decodeImage(folder: string, file: string, first: string, shape: number[]): Promise<Buffer> {
  const found = await imageShape(folder, file)
  if (found.join() !== shape.join())
    throw new AtlasError(
      'WRONG_IMAGE_SIZE',
      `The image "${file}" is ${inWords(found)}, "${first}" is ${inWords(shape)}: make all images of one size.`,
    )
  const image = sharp(join(folder, file), {
    ignoreIcc: true,
    limitInputPixels: MAX_SAMPLE_BYTES,
  }).removeAlpha()
  // Sharp would repeat grey in three channels.
  if (shape[0] === 1) image.toColourspace('b-w')
  return readImage(file, () => image.raw().toBuffer())
}

async function readImage<Result>(file: string, read: () => Promise<Result>): Promise<Result> {
  try {
    return await read()
  } catch (error) {
    const problem = error instanceof Error ? error.message.split('\n')[0] : String(error)
    throw new AtlasError('MALFORMED_IMAGE', `The image "${file}" cannot be read: ${problem}.`, {
      cause: error,
    })
  }
}

function inWords([channels, height, width]: readonly number[]): string {
  return `${width} × ${height} pixels with ${channels} ${channels === 1 ? 'channel' : 'channels'}`
}

/** From interleaved channels (HWC) to one plane a channel (CHW), at `offset`. */
function writePlanes(target: Uint8Array, offset: number, image: Uint8Array, channels: number): void {
  const planeSize = image.length / channels
  for (let channel = 0; channel < channels; channel++) {
    const plane = offset + channel * planeSize
    for (let pixel = 0; pixel < planeSize; pixel++) target[plane + pixel] = image[pixel * channels + channel]
  }
}
