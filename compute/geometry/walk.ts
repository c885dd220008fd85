import { placesOf, type Change, type Gate } from './gates/index.ts'
import type { States } from './program.ts'

/**
 * Some straight segments, cut at points between which every gate so far is affine: all values at a place between two
 * neighbouring points lie on the line between those of the points.
 */
export interface Walk {
  /** Segments + 1: segment s has the points starts[s] … starts[s + 1] - 1, at least two. */
  starts: Int32Array
  /** Place of each point on its segment, from 0 to 1, ascending. */
  t: Float64Array
  /** Values at the points of the states that are still read: points x elements. */
  states: States
}

/** The guards of a gate at the points of a walk, cut where a piece changes. */
export interface CutWalk extends Walk {
  /** Points x guards; exactly on the boundary where a piece changes. */
  guards: Float64Array
}

/**
 * Cuts a walk wherever a piece of the next gate changes inside an interval. Values at new points are taken from the
 * line between the ends.
 *
 * @param guards points x guards; those that change within rounding of a point are moved to the boundary there
 */
export function cutAtChanges(walk: Walk, guards: Float64Array, gate: Gate): CutWalk {
  const layout = layOut(walk, guards, gate)
  if (layout.t.length === walk.t.length) return { ...walk, guards }
  const states = walk.states.map((values) => values && spread(values, values.length / walk.t.length, layout))
  const cut = spread(guards, gate.guardCount, layout)
  layout.fraction.forEach((at, point) => {
    if (at > 0) gate.settle(cut, point, at, layout.changes.get(layout.origin[point]) ?? [])
  })
  return { starts: layout.starts, t: layout.t, states, guards: cut }
}

/** Where old and new points lie after cutting. */
interface Layout {
  starts: Int32Array
  t: Float64Array
  /** Per point: the old point it is, or the one before it. */
  origin: Int32Array
  /** Per point: how far it is from there to the next old point, 0 for old points. */
  fraction: Float64Array
  /** What changes after an old point and before the next. */
  changes: Map<number, Change[]>
}

function layOut({ starts, t }: Walk, guards: Float64Array, gate: Gate): Layout {
  const places: number[] = []
  const origin: number[] = []
  const fraction: number[] = []
  const changes = new Map<number, Change[]>()
  const add = (place: number, point: number, after: number) => {
    places.push(place)
    origin.push(point)
    fraction.push(after)
  }
  const begins = [0]
  for (let segment = 0; segment + 1 < starts.length; segment++) {
    const last = starts[segment + 1] - 1
    for (let point = starts[segment]; point < last; point++) {
      add(t[point], point, 0)
      const found = gate.changes(guards, point, point + 1)
      if (found.length === 0) continue
      changes.set(point, found)
      for (const at of placesOf(found)) add(t[point] + at * (t[point + 1] - t[point]), point, at)
    }
    add(t[last], last, 0)
    begins.push(places.length)
  }
  return {
    starts: Int32Array.from(begins),
    t: Float64Array.from(places),
    origin: Int32Array.from(origin),
    fraction: Float64Array.from(fraction),
    changes,
  }
}

/** Values at all points, old and new. */
function spread(values: Float64Array, size: number, { origin, fraction }: Layout): Float64Array {
  const result = new Float64Array(origin.length * size)
  for (let point = 0; point < origin.length; point++) {
    const from = origin[point] * size
    const to = point * size
    const f = fraction[point]
    if (f === 0) {
      result.set(values.subarray(from, from + size), to)
      continue
    }
    for (let i = 0; i < size; i++) {
      const value = values[from + i]
      result[to + i] = value + f * (values[from + size + i] - value)
    }
  }
  return result
}
