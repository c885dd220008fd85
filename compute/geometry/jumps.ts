import type { Gate } from './gates/index.ts'
import type { Crossing } from './segments.ts'
import type { CutWalk } from './walk.ts'

/**
 * Gives a walk two points for one where the output of a gate jumps: on each, guards on their boundary say what the
 * gate does on that side. What lies between the two is of no length.
 */
export function separateSides(walk: CutWalk, { guardCount, continuous }: Gate): CutWalk {
  if (continuous) return walk
  const rows: { point: number; on: number[] }[] = []
  const starts = [0]
  for (let segment = 0; segment + 1 < walk.starts.length; segment++) {
    const [first, last] = [walk.starts[segment], walk.starts[segment + 1] - 1]
    for (let point = first; point <= last; point++) {
      const from = point > first ? onBoundary(walk.guards, guardCount, point, point - 1) : undefined
      const to = point < last ? onBoundary(walk.guards, guardCount, point, point + 1) : undefined
      if (from) rows.push({ point, on: from })
      if (to && to.join() !== from?.join()) rows.push({ point, on: to })
    }
    starts.push(rows.length)
  }
  const pick = (values: Float64Array) => {
    const size = values.length / walk.t.length
    const picked = new Float64Array(rows.length * size)
    rows.forEach(({ point }, row) =>
      picked.set(values.subarray(point * size, (point + 1) * size), row * size),
    )
    return picked
  }
  const guards = pick(walk.guards)
  rows.forEach(({ on }, row) => on.forEach((guard) => (guards[row * guardCount + guard] = JUST_ABOVE)))
  const states = walk.states.map((values) => values && pick(values))
  return { starts: Int32Array.from(starts), t: pick(walk.t), states, guards }
}

/** A guard that is on its boundary, seen from above: the output there is what the piece above tends to. */
export const JUST_ABOVE = Number.MIN_VALUE

/** Guards that are on their boundary at a point and positive towards another. */
function onBoundary(guards: Float64Array, size: number, point: number, towards: number): number[] {
  const on: number[] = []
  for (let guard = 0; guard < size; guard++) {
    if (guards[point * size + guard] === 0 && guards[towards * size + guard] > 0) on.push(guard)
  }
  return on
}

/**
 * Leaves out crossings of one bit that undo each other at one place, as a walk across a jump may meet them.
 *
 * @param crossings sorted, those of one bit at one place after each other
 */
export function withoutReturns(crossings: readonly Crossing[]): Crossing[] {
  const left: Crossing[] = []
  for (const crossing of crossings) {
    const last = left.at(-1)
    if (last && isSameBit(last, crossing)) left.pop()
    else left.push(crossing)
  }
  return left
}

function isSameBit(a: Crossing, b: Crossing): boolean {
  return (
    a.t === b.t && a.layer === b.layer && a.position === b.position && a.unit === b.unit && a.bit === b.bit
  )
}
