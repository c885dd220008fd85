/** Paints points into pixels without a GPU: 100,000 of them in some milliseconds, the same on every machine. */

/** What is painted. */
export interface Points {
  /** x and y of each point in turn. */
  positions: Float32Array
  /** Colour of each point, as `packColor` has it. */
  colors: Uint32Array
  /** Whether a point is to stand out: 1, or 0 for those that are shown faintly. */
  lit: Uint8Array
}

/** Where the pixels of the picture lie among the points. */
export interface Placement {
  /** Pixels a unit of x and y. */
  scale: number
  /** The pixel at which x = y = 0 is. */
  left: number
  top: number
}

/** Red, green and blue as one number that, stored little-endian, is a pixel. */
export const packColor = ([red, green, blue]: readonly number[]) =>
  (0xff000000 | (blue << 16) | (green << 8) | red) >>> 0

/** Paints all points as discs; faint ones first, so that none covers one that stands out. */
export function paintPoints(
  pixels: Uint32Array,
  width: number,
  height: number,
  { positions, colors, lit }: Points,
  { scale, left, top }: Placement,
  radius: number,
  faint: number,
): void {
  pixels.fill(0)
  const disc = discOf(radius, width)
  for (const pass of [0, 1]) {
    for (let i = 0; i < lit.length; i++) {
      if (lit[i] !== pass) continue
      const x = Math.round(left + positions[2 * i] * scale)
      const y = Math.round(top - positions[2 * i + 1] * scale)
      if (x < radius || y < radius || x >= width - radius || y >= height - radius) continue
      const color = pass === 1 ? colors[i] : faint
      const at = y * width + x
      for (const offset of disc) pixels[at + offset] = color
    }
  }
}

/** The offsets of a disc's pixels from its middle. */
function discOf(radius: number, width: number): Int32Array {
  const offsets: number[] = []
  for (let y = -radius; y <= radius; y++) {
    for (let x = -radius; x <= radius; x++) {
      if (x * x + y * y <= radius * (radius + 0.5)) offsets.push(y * width + x)
    }
  }
  return Int32Array.from(offsets)
}

/** The point nearest to a place, no further than `reach` units from it; -1 where there is none. Lit ones alone count. */
export function nearestPoint({ positions, lit }: Points, x: number, y: number, reach: number): number {
  let [nearest, least] = [-1, reach * reach]
  for (let i = 0; i < lit.length; i++) {
    const square = (positions[2 * i] - x) ** 2 + (positions[2 * i + 1] - y) ** 2
    if (square <= least && lit[i] === 1) [nearest, least] = [i, square]
  }
  return nearest
}
