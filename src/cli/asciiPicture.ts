/** From dark to bright, about equal steps of ink. */
const RAMP = ' .:-=+*#%@'
const MAX_WIDTH = 56

/**
 * An image as characters: [H, W], [C, H, W] or [H, W, C] values with C = 1 or 3, brightness between the least
 * and the greatest value. A character covers twice as many rows as columns, since it is about twice as tall as
 * wide. Null where the shape is no image.
 */
export function asciiPicture(values: Float32Array, shape: readonly number[]): string | null {
  const image = layoutOf(shape)
  if (image === null) return null
  const step = Math.ceil(image.width / MAX_WIDTH)
  const rows: number[][] = []
  for (let y = 0; y < image.height; y += 2 * step) {
    const row: number[] = []
    for (let x = 0; x < image.width; x += step) row.push(meanOf(values, image, x, y, step))
    rows.push(row)
  }
  const cells = rows.flat()
  const least = cells.reduce((a, b) => Math.min(a, b), Infinity)
  const range = cells.reduce((a, b) => Math.max(a, b), -Infinity) - least
  const character = (cell: number) =>
    RAMP[range > 0 ? Math.round(((cell - least) / range) * (RAMP.length - 1)) : 0]
  return rows.map((row) => row.map(character).join('').trimEnd()).join('\n')
}

interface Layout {
  height: number
  width: number
  channels: number
  /** Distances between neighbours in the values. */
  stride: { y: number; x: number; channel: number }
}

function layoutOf(shape: readonly number[]): Layout | null {
  const isChannels = (size: number) => size === 1 || size === 3
  if (shape.length === 2) return layoutOf([1, ...shape])
  if (shape.length !== 3 || Math.min(...shape) < 1) return null
  if (isChannels(shape[0]) && shape[1] > 1) {
    const [channels, height, width] = shape
    return { channels, height, width, stride: { channel: height * width, y: width, x: 1 } }
  }
  if (!isChannels(shape[2])) return null
  const [height, width, channels] = shape
  return { channels, height, width, stride: { channel: 1, y: width * channels, x: channels } }
}

/** Mean over channels of the cell of `step` columns and twice as many rows, cut at the border. */
function meanOf(values: Float32Array, image: Layout, x0: number, y0: number, step: number): number {
  let sum = 0
  let count = 0
  for (let y = y0; y < Math.min(image.height, y0 + 2 * step); y++)
    for (let x = x0; x < Math.min(image.width, x0 + step); x++)
      for (let c = 0; c < image.channels; c++) {
        sum += values[y * image.stride.y + x * image.stride.x + c * image.stride.channel]
        count++
      }
  return sum / count
}
