/** The plane through three points of an input space, with coordinates of true length. */
export interface Plane {
  origin: readonly number[]
  /** Two directions of length 1, at right angles. */
  across: readonly number[]
  up: readonly number[]
  /** The three points, [x, y] each; the first is [0, 0]. */
  points: readonly (readonly [x: number, y: number])[]
}

/** A rectangle of a plane: its lower left corner, and its width. */
export interface View {
  x: number
  y: number
  width: number
}

/** Height of a view over its width. */
export const ASPECT = 0.625

/** The plane through three points; null where they lie on one line. */
export function planeThrough(a: readonly number[], b: readonly number[], c: readonly number[]): Plane | null {
  const ab = difference(b, a)
  const ac = difference(c, a)
  const length = norm(ab)
  if (length === 0) return null
  const across = scaled(ab, 1 / length)
  const along = dot(ac, across)
  const rest = ac.map((value, i) => value - along * across[i])
  const height = norm(rest)
  // Rounding leaves this much of a point that lies on the line.
  if (height <= 1e-9 * norm(ac) || height === 0) return null
  const up = scaled(rest, 1 / height)
  return {
    origin: a,
    across,
    up,
    points: [
      [0, 0],
      [length, 0],
      [along, height],
    ],
  }
}

/** The view that shows all three points, with some of what lies around them. */
export function wholeView({ points }: Plane): View {
  const xs = points.map(([x]) => x)
  const ys = points.map(([, y]) => y)
  const [left, right, low, high] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)]
  const width = 1.4 * Math.max(right - left, (high - low) / ASPECT)
  return { x: (left + right - width) / 2, y: (low + high - width * ASPECT) / 2, width }
}

/** The input at a place of a plane. */
export function pointAt({ origin, across, up }: Plane, x: number, y: number): number[] {
  return origin.map((value, i) => value + x * across[i] + y * up[i])
}

/** The corner and the sides of a view, as the API takes a slice. */
export function cornersOf(plane: Plane, { x, y, width }: View) {
  return {
    origin: { values: pointAt(plane, x, y) },
    u: { values: scaled(plane.across, width) },
    v: { values: scaled(plane.up, width * ASPECT) },
  }
}

/** A view moved by shares of its size and then narrowed by `factor` around a place, shares of it too. */
export function zoomed(view: View, factor: number, at: readonly [x: number, y: number]): View {
  const width = view.width / factor
  return {
    x: view.x + at[0] * (view.width - width),
    y: view.y + at[1] * ASPECT * (view.width - width),
    width,
  }
}

const difference = (a: readonly number[], b: readonly number[]) => a.map((value, i) => value - b[i])
const scaled = (a: readonly number[], factor: number) => a.map((value) => value * factor)
const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, value, i) => sum + value * b[i], 0)
const norm = (a: readonly number[]) => Math.sqrt(dot(a, a))
