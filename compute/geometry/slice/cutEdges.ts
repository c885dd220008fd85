import type { Vertices } from './vertices.ts'

/** A convex polygon of the subdivision. */
export interface Face {
  /** Its vertices in order; neighbouring faces share them. */
  vertices: number[]
  /** Bits of its code so far, one entry each. */
  bits: Uint8Array[]
}

/** Of two vertices p < q, p x KEY + q is a key of their edge: vertices stay below 2^26. */
export const KEY = 2 ** 26

/**
 * Cuts every edge where a unit changes sign, once for the faces on both sides, and puts the new vertices into their
 * loops: neighbours agree to the last bit.
 */
export function cutEdges(faces: readonly Face[], vertices: Vertices): void {
  const cuts = new Map<number, number[]>()
  for (const face of faces) {
    const loop: number[] = []
    face.vertices.forEach((from, i) => {
      const to = face.vertices[(i + 1) % face.vertices.length]
      const [p, q] = from < to ? [from, to] : [to, from]
      const key = p * KEY + q
      let cut = cuts.get(key)
      if (cut === undefined) cuts.set(key, (cut = cutEdge(p, q, vertices)))
      loop.push(from, ...(from === p ? cut : cut.toReversed()))
    })
    face.vertices = loop
  }
}

interface Change {
  unit: number
  fraction: number
  falls: boolean
}

/** The new vertices of one edge, from p to q. */
function cutEdge(p: number, q: number, vertices: Vertices): number[] {
  const changes = findChanges(p, q, vertices)
  const cut: number[] = []
  for (let i = 0; i < changes.length; i++) {
    const { fraction } = changes[i]
    if (i > 0 && fraction === changes[i - 1].fraction) continue
    const vertex = vertices.between(p, q, fraction)
    keepSigns(vertex, fraction, changes, vertices)
    cut.push(vertex)
  }
  return cut
}

/** A change that rounds to an end of the edge makes the value there 0 instead. */
function findChanges(p: number, q: number, { pre, size }: Vertices): Change[] {
  const changes: Change[] = []
  for (let unit = 0; unit < size; unit++) {
    const a = pre[p * size + unit]
    const b = pre[q * size + unit]
    if (!(a > 0 && b < 0) && !(a < 0 && b > 0)) continue
    const fraction = a / (a - b)
    if (fraction <= 0) pre[p * size + unit] = 0
    else if (fraction >= 1) pre[q * size + unit] = 0
    else changes.push({ unit, fraction, falls: a > 0 })
  }
  return changes.sort((x, y) => x.fraction - y.fraction || x.unit - y.unit)
}

/** Gives the units that cross on this edge the sign they must have at a new vertex; rounding may have left another. */
function keepSigns(vertex: number, at: number, changes: readonly Change[], { pre, size }: Vertices): void {
  for (const { unit, fraction, falls } of changes) {
    const i = vertex * size + unit
    const positive = fraction > at === falls
    if (fraction === at || (positive ? pre[i] < 0 : pre[i] > 0)) pre[i] = 0
  }
}
