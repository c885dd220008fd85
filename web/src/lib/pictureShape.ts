/** How the values of an input make a picture. */
export interface PictureShape {
  width: number
  height: number
  /** 1 for grey, 3 for colours. */
  channels: 1 | 3
  /** Place of a channel's value among the input's values. */
  at: (row: number, column: number, channel: number) => number
}

/**
 * The picture that inputs of a shape are: height × width, or 1 or 3 channels before or after them, as the API's
 * `Input.image` has it; null for other shapes.
 */
export function pictureShape(shape: readonly number[]): PictureShape | null {
  if (shape.length === 2) return planar(1, shape[0], shape[1])
  if (shape.length !== 3) return null
  const [first, second, third] = shape
  if (first === 1 || first === 3) return planar(first, second, third)
  if (third === 1 || third === 3) {
    const at = (row: number, column: number, channel: number) => (row * second + column) * third + channel
    return { width: second, height: first, channels: third, at }
  }
  return null
}

function planar(channels: 1 | 3, height: number, width: number): PictureShape {
  return { width, height, channels, at: (row, column, channel) => (channel * height + row) * width + column }
}
