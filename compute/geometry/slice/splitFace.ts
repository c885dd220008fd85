import type { Face } from './cutEdges.ts'
import type { Vertices } from './vertices.ts'

/**
 * Splits a convex face along every unit that changes sign inside it. Its edges are cut already; only the new edges
 * inside are cut here, so that nothing outside changes.
 */
export function splitFace(face: Face, vertices: Vertices): Face[] {
  let loops = [face.vertices]
  for (const unit of mixedUnits(face.vertices, vertices)) {
    const middles = new Map<string, number>()
    loops = loops.flatMap((loop) => splitLoop(loop, unit, vertices, middles))
  }
  return loops.map((loop) => ({ vertices: loop, bits: [...face.bits, bitsOf(loop, vertices)] }))
}

/** Units with both signs among the vertices of a loop. */
function mixedUnits(loop: readonly number[], { pre, size }: Vertices): number[] {
  const units: number[] = []
  for (let unit = 0; unit < size; unit++) {
    let signs = 0
    for (const vertex of loop) {
      const value = pre[vertex * size + unit]
      if (value > 0) signs |= 1
      else if (value < 0) signs |= 2
    }
    if (signs === 3) units.push(unit)
  }
  return units
}

/**
 * The two sides of a convex loop, or the loop itself where the unit does not change sign in it. A side without area
 * (two vertices left) is rounding: the loop stays whole.
 *
 * @param middles vertices made for this unit on inner edges, which two loops share
 */
function splitLoop(
  loop: readonly number[],
  unit: number,
  vertices: Vertices,
  middles: Map<string, number>,
): number[][] {
  const valueAt = (vertex: number) => vertices.pre[vertex * vertices.size + unit]
  const cut = loop.flatMap((vertex, i) => {
    const next = loop[(i + 1) % loop.length]
    if (valueAt(vertex) * valueAt(next) >= 0) return [vertex]
    return [vertex, middleOf(vertex, next, unit, vertices, middles)]
  })
  const signs = effectiveSigns(cut.map(valueAt))
  const above = cut.filter((_, i) => signs[i] >= 0)
  const below = cut.filter((_, i) => signs[i] <= 0)
  if (!signs.includes(1) || !signs.includes(-1) || above.length < 3 || below.length < 3) return [cut]
  return [above, below]
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
  unit: number,
  vertices: Vertices,
  middles: Map<string, number>,
): number {
  const [p, q] = from < to ? [from, to] : [to, from]
  const key = `${p}-${q}`
  const known = middles.get(key)
  if (known !== undefined) return known
  const a = vertices.pre[p * vertices.size + unit]
  const b = vertices.pre[q * vertices.size + unit]
  const middle = vertices.between(p, q, a / (a - b))
  vertices.pre[middle * vertices.size + unit] = 0
  middles.set(key, middle)
  return middle
}

/** The layer's bits inside a loop: on where the unit is above 0 somewhere, and by more than it is below elsewhere. */
function bitsOf(loop: readonly number[], { pre, size }: Vertices): Uint8Array {
  return Uint8Array.from({ length: size }, (_, unit) => {
    let most = 0
    let least = 0
    for (const vertex of loop) {
      const value = pre[vertex * size + unit]
      if (value > most) most = value
      else if (value < least) least = value
    }
    return Number(most > -least)
  })
}
