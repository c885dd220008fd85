import { keepSigns, placesOf, signChanges } from '../signChanges.ts'
import type { Vertices } from './vertices.ts'

/** A convex polygon of the subdivision. */
export interface Face {
  /** Its vertices in order; neighbouring faces share them. */
  vertices: number[]
  /** One array a layer so far, one entry a unit, in tensor order. */
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

/** The new vertices of one edge, from p to q. */
function cutEdge(p: number, q: number, vertices: Vertices): number[] {
  const changes = signChanges(vertices.pre, vertices.size, p, q)
  return placesOf(changes).map((place) => {
    const vertex = vertices.between(p, q, place)
    keepSigns(vertices.pre, vertices.size, vertex, place, changes)
    return vertex
  })
}
