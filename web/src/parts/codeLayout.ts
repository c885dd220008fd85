/** Where the bits of one layer's code stand in a picture. */
export interface CodeLayout {
  bitCount: number
  /** Size of the picture, in squares. */
  width: number
  height: number
  /** Side of a square, in CSS pixels. */
  cell: number
  /** The square of a bit, row by row. */
  placeOf: (bit: number) => number
  /** The bit of a square; null where there is none. */
  bitAt: (x: number, y: number) => number | null
}

/** Room that a picture takes at most, in CSS pixels, as far as squares of one pixel allow. */
const [WIDE, HIGH] = [560, 360]
const GREATEST_CELL = 12

/** Units in a row where there is one position. */
const ROW = 64

/**
 * The layout of a code whose bits are ordered by position, then unit. Units at one place stand in rows; of an image, each
 * unit is a map of it, and maps stand side by side; of a sequence, a row is a position.
 *
 * @param axes sizes of the positions' axes; none for one position
 * @param perPosition bits of one position
 */
export function layoutOf(axes: readonly number[], perPosition: number): CodeLayout {
  const positions = axes.reduce((product, axis) => product * axis, 1)
  if (positions > 1 && axes.length === 2) return maps(axes[0], axes[1], perPosition)
  const bitCount = positions * perPosition
  const width = positions > 1 ? perPosition : Math.min(ROW, bitCount)
  const bitAt = (x: number, y: number) => (y * width + x < bitCount ? y * width + x : null)
  return { ...sized(bitCount, width, Math.ceil(bitCount / width)), placeOf: (bit) => bit, bitAt }
}

/** Maps of height x width with a gap between them, as many side by side as make a picture about as wide as it may be. */
function maps(height: number, width: number, count: number): CodeLayout {
  const [stepX, stepY] = [width + 1, height + 1]
  const across = Math.max(1, Math.min(count, Math.ceil(Math.sqrt((count * stepY * WIDE) / (stepX * HIGH)))))
  const pictureWidth = across * stepX - 1
  const placeOf = (bit: number) => {
    const [position, map] = [Math.floor(bit / count), bit % count]
    const x = (map % across) * stepX + (position % width)
    const y = Math.floor(map / across) * stepY + Math.floor(position / width)
    return y * pictureWidth + x
  }
  const bitAt = (x: number, y: number) => {
    const map = Math.floor(y / stepY) * across + Math.floor(x / stepX)
    const [column, row] = [x % stepX, y % stepY]
    return column < width && row < height && map < count ? (row * width + column) * count + map : null
  }
  const pictureHeight = Math.ceil(count / across) * stepY - 1
  return { ...sized(height * width * count, pictureWidth, pictureHeight), placeOf, bitAt }
}

function sized(bitCount: number, width: number, height: number) {
  const cell = Math.max(1, Math.min(GREATEST_CELL, Math.floor(WIDE / width), Math.floor(HIGH / height)))
  return { bitCount, width, height, cell }
}
