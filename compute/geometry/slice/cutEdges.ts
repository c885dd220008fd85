import { placesOf, type ExactGate } from '../gates/index.ts'
import type { Vertices } from './vertices.ts'

/** A convex polygon of the subdivision. */
export interface Face {
  /** Its vertices in order; neighbouring faces share them. */
  vertices: number[]
  /** One array a layer so far: see `Gate.toCode`. */
  bits: Uint8Array[]
}

/** Of two vertices p < q, p x KEY + q is a key of their edge: vertices stay below 2^26. */
export const KEY = 2 ** 26

/**
 * Cuts every edge where a piece of the gate changes, once for the faces on both sides, and puts the new vertices into
 * their loops: neighbours agree to the last bit.
 */
export function cutEdges(faces: readonly Face[], vertices: Vertices, gate: ExactGate): void {
  const cuts = new Map<number, number[]>()
  for (const face of faces) face.vertices = cutLoop(face.vertices, cuts, vertices, gate)
}

/**
 * Cuts the edges of a loop.
 *
 * @param cuts the new vertices of the edges cut so far
 * @param window where windows alone are to be cut for: this one of them
 */
export function cutLoop(
  loop: readonly number[],
  cuts: Map<number, number[]>,
  vertices: Vertices,
  gate: ExactGate,
  window?: number,
): number[] {
  return loop.flatMap((from, i) => {
    const to = loop[(i + 1) % loop.length]
    const [p, q] = from < to ? [from, to] : [to, from]
    const key = p * KEY + q
    let cut = cuts.get(key)
    if (cut === undefined) cuts.set(key, (cut = cutEdge(p, q, vertices, gate, window)))
    return [from, ...(from === p ? cut : cut.toReversed())]
  })
}

/** The new vertices of one edge, from p to q. */
function cutEdge(p: number, q: number, vertices: Vertices, gate: ExactGate, window?: number): number[] {
  const changes = gate.changes(vertices.guards, p, q, window)
  return placesOf(changes).map((place) => {
    const vertex = vertices.between(p, q, place)
    gate.settle(vertices.guards, vertex, place, changes)
    return vertex
  })
}
