import sharp from 'sharp'
import type { DatasetRow } from '../../store/models.ts'
import { inputValues } from './inputValues.ts'

interface ImageShape {
  height: number
  width: number
  channels: 1 | 3
  /** Whether all of one channel come before the next (C x H x W), as opposed to pixel by pixel. */
  planar: boolean
}

/** How a shape is read as an image: H x W, or 1 or 3 channels before or after those; null for all others. */
function imageShape(shape: readonly number[]): ImageShape | null {
  const isChannels = (size: number) => size === 1 || size === 3
  if (shape.some((size) => size < 1)) return null
  if (shape.length === 2) return { height: shape[0], width: shape[1], channels: 1, planar: false }
  if (shape.length !== 3) return null
  const [a, b, c] = shape
  if (isChannels(a)) return { height: b, width: c, channels: a === 1 ? 1 : 3, planar: true }
  if (isChannels(c)) return { height: a, width: b, channels: c === 1 ? 1 : 3, planar: false }
  return null
}

/**
 * A stored sample as a PNG in a `data:` URL. Samples stored as bytes are shown as they are; others where all
 * values lie in [0, 1], which becomes black to white. Null where the shape is no image or the values lie elsewhere.
 */
export async function inputImage(raw: Uint8Array, dataset: DatasetRow): Promise<string | null> {
  const shape = dataset.tokenStyle === null ? imageShape(dataset.shape) : null
  const bytes = shape && (dataset.elementType === 'U8' ? raw : bytesOfValues(inputValues(raw, dataset)))
  if (!shape || !bytes) return null
  const { height, width, channels } = shape
  const pixels = shape.planar ? interleave(bytes, channels) : bytes
  const png = await sharp(pixels, { raw: { height, width, channels } })
    .toColourspace(channels === 1 ? 'b-w' : 'srgb')
    .png()
    .toBuffer()
  return `data:image/png;base64,${png.toString('base64')}`
}

function bytesOfValues(values: Float32Array): Uint8Array | null {
  if (values.some((value) => !(value >= 0 && value <= 1))) return null
  return Uint8Array.from(values, (value) => Math.round(255 * value))
}

/** C x H x W -> H x W x C */
function interleave(planes: Uint8Array, channels: number): Uint8Array {
  const pixels = planes.length / channels
  const interleaved = new Uint8Array(planes.length)
  for (let channel = 0; channel < channels; channel++)
    for (let i = 0; i < pixels; i++) interleaved[i * channels + channel] = planes[channel * pixels + i]
  return interleaved
}
