import { KEY, type Face } from './cutEdges.ts'
import type { Vertices } from './vertices.ts'

/**
 * Splits a convex face along every unit that changes sign inside it. Its edges are cut already; only the new edges
 * inside are cut here, so that nothing outside changes.
 *
 * @param most parts at most; the others are left out, so that many units take no more memory than the answer may
 */
export function splitFace(face: Face, vertices: Vertices, most: number): Face[] {
  const { bits, mixed } = readSigns(face.vertices, vertices)
  let loops = most > 0 ? [face.vertices] : []
  for (const unit of mixed) {
    const middles = new Map<number, number>()
    loops = loops.flatMap((loop) => splitLoop(loop, unit, vertices, middles)).slice(0, most)
  }
  return loops.map((loop) => {
    const own = bits.slice()
    for (const unit of mixed) own[unit] = Number(isOn(loop, unit, vertices))
    return { vertices: loop, bits: [...face.bits, own] }
  })
}

/** The bits of a loop's units, and the units that have both signs among its vertices. */
function readSigns(loop: readonly number[], { pre, size }: Vertices): { bits: Uint8Array; mixed: number[] } {
  const signs = new Uint8Array(size)
  for (const vertex of loop) {
    const row = vertex * size
    for (let unit = 0; unit < size; unit++) {
      const value = pre[row + unit]
      signs[unit] |= Number(value > 0) | (Number(value < 0) << 1)
    }
  }
  const mixed: number[] = []
  for (let unit = 0; unit < size; unit++) if (signs[unit] === 3) mixed.push(unit)
  return { bits: signs.map((sign) => sign & 1), mixed }
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
  middles: Map<number, number>,
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
  middles: Map<number, number>,
): number {
  const [p, q] = from < to ? [from, to] : [to, from]
  const key = p * KEY + q
  const known = middles.get(key)
  if (known !== undefined) return known
  const a = vertices.pre[p * vertices.size + unit]
  const b = vertices.pre[q * vertices.size + unit]
  const middle = vertices.between(p, q, a / (a - b))
  vertices.pre[middle * vertices.size + unit] = 0
  middles.set(key, middle)
  return middle
}

/** Whether a unit is on inside a loop. All its values have one sign, but for rounding where a side was too thin. */
function isOn(loop: readonly number[], unit: number, { pre, size }: Vertices): boolean {
  let sum = 0
  for (const vertex of loop) sum += pre[vertex * size + unit]
  return sum > 0
}
