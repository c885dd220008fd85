import type { Gate } from '../gates/index.ts'
import { JUST_ABOVE } from '../jumps.ts'
import type { Face } from './cutEdges.ts'
import type { Vertices } from './vertices.ts'

/**
 * Gives the faces on the two sides of a line vertices of their own where the output of a gate jumps: on each, guards
 * on their boundary say what the gate does on that side.
 *
 * @param faces cut by the gate, with its bits last
 */
export function separateFaces(faces: readonly Face[], vertices: Vertices, { continuous }: Gate): void {
  if (continuous) return
  const { size } = vertices
  const twins = new Map<string, number>()
  for (const face of faces) {
    const own = face.bits[face.bits.length - 1]
    face.vertices = face.vertices.map((vertex) => {
      const on: number[] = []
      own.forEach((bit, guard) => {
        if (bit === 1 && vertices.guards[vertex * size + guard] === 0) on.push(guard)
      })
      if (on.length === 0) return vertex
      const key = `${vertex}:${on.join()}`
      const twin = twins.get(key) ?? vertices.between(vertex, vertex, 0)
      twins.set(key, twin)
      for (const guard of on) vertices.guards[twin * size + guard] = JUST_ABOVE
      return twin
    })
  }
}
