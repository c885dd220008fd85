import type { ExactGate } from '../gates/index.ts'
import type { Face } from './cutEdges.ts'
import { splitLoop, type Divider } from './splitLoop.ts'
import { splitByWinners } from './splitWindows.ts'
import type { Vertices } from './vertices.ts'

/**
 * Splits a convex face where a piece of the gate changes inside it. Its edges are cut already; only the new edges
 * inside are cut here, so that nothing outside changes.
 *
 * @param most parts at most; the others are left out, so that many units take no more memory than the answer may
 */
export function splitFace(face: Face, vertices: Vertices, gate: ExactGate, most: number): Face[] {
  return gate.kind === 'STEPS'
    ? splitBySigns(face, vertices, most)
    : splitByWinners(face, vertices, gate, most)
}

/** Splits a face along every guard that changes sign inside it. */
function splitBySigns(face: Face, vertices: Vertices, most: number): Face[] {
  const { bits, mixed } = readSigns(face.vertices, vertices)
  let loops = most > 0 ? [face.vertices] : []
  for (const guard of mixed) {
    const middles = new Map<number, number>()
    const divider = signOf(guard, vertices)
    const split = (loop: number[]) => {
      const { sides, whole } = splitLoop(loop, divider, vertices, middles)
      return sides ? [sides.above, sides.below] : [whole]
    }
    loops = loops.flatMap(split).slice(0, most)
  }
  return loops.map((loop) => {
    const own = bits.slice()
    for (const guard of mixed) own[guard] = Number(isOn(loop, guard, vertices))
    return { vertices: loop, bits: [...face.bits, own] }
  })
}

function signOf(guard: number, vertices: Vertices): Divider {
  return {
    valueAt: (vertex) => vertices.guards[vertex * vertices.size + guard],
    settle: (vertex) => (vertices.guards[vertex * vertices.size + guard] = 0),
  }
}

/** The bits of a loop's guards, and the guards that have both signs among its vertices. */
function readSigns(
  loop: readonly number[],
  { guards, size }: Vertices,
): { bits: Uint8Array; mixed: number[] } {
  const signs = new Uint8Array(size)
  for (const vertex of loop) {
    const row = vertex * size
    for (let guard = 0; guard < size; guard++) {
      const value = guards[row + guard]
      signs[guard] |= Number(value > 0) | (Number(value < 0) << 1)
    }
  }
  const mixed: number[] = []
  for (let guard = 0; guard < size; guard++) if (signs[guard] === 3) mixed.push(guard)
  return { bits: signs.map((sign) => sign & 1), mixed }
}

/** Whether a guard is positive inside a loop. All its values have one sign, but for rounding where a side was too thin. */
function isOn(loop: readonly number[], guard: number, { guards, size }: Vertices): boolean {
  let sum = 0
  for (const vertex of loop) sum += guards[vertex * size + guard]
  return sum > 0
}
