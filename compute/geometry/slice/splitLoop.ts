import { KEY } from './cutEdges.ts'
import type { Vertices } from './vertices.ts'

/** An affine function of the plane, by its values at vertices. */
export interface Divider {
  valueAt(vertex: number): number
  /** Makes the value at a new vertex exactly 0. */
  settle(vertex: number): void
}

/** A convex loop cut along the zeros of a function. */
export interface SplitLoop {
  /** Where the function is positive and negative; null where the loop stays whole. */
  sides: { above: number[]; below: number[] } | null
  /** The loop with the vertices at which the function changes sign. */
  whole: number[]
}

/**
 * Splits a convex loop along the zeros of a function that is affine in it. A side without area (two vertices left) is
 * rounding: the loop stays whole.
 *
 * @param middles vertices made for this function on edges so far, which two loops share
 */
export function splitLoop(
  loop: readonly number[],
  divider: Divider,
  vertices: Vertices,
  middles: Map<number, number>,
): SplitLoop {
  const whole = loop.flatMap((vertex, i) => {
    const next = loop[(i + 1) % loop.length]
    if (divider.valueAt(vertex) * divider.valueAt(next) >= 0) return [vertex]
    return [vertex, middleOf(vertex, next, divider, vertices, middles)]
  })
  const signs = effectiveSigns(whole.map((vertex) => divider.valueAt(vertex)))
  const above = whole.filter((_, i) => signs[i] >= 0)
  const below = whole.filter((_, i) => signs[i] <= 0)
  const split = signs.includes(1) && signs.includes(-1) && above.length > 2 && below.length > 2
  return { whole, sides: split ? { above, below } : null }
}

/** Signs around a loop; a 0 between two equal signs is rounding and counts as they do. */
function effectiveSigns(values: readonly number[]): number[] {
  const signs = values.map(Math.sign)
  const nextSign = (from: number, step: number) => {
    for (let i = 1; i < signs.length; i++) {
      const sign = Math.sign(values[(from + step * i + signs.length * values.length) % values.length])
      if (sign !== 0) return sign
    }
    return 0
  }
  return signs.map((sign, i) => {
    if (sign !== 0) return sign
    const before = nextSign(i, -1)
    return before === nextSign(i, 1) ? before : 0
  })
}

function middleOf(
  from: number,
  to: number,
  divider: Divider,
  vertices: Vertices,
  middles: Map<number, number>,
): number {
  const [p, q] = from < to ? [from, to] : [to, from]
  const key = p * KEY + q
  const known = middles.get(key)
  if (known !== undefined) return known
  const a = divider.valueAt(p)
  const b = divider.valueAt(q)
  const middle = vertices.between(p, q, a / (a - b))
  divider.settle(middle)
  middles.set(key, middle)
  return middle
}
