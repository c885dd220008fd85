import type { States } from './program.ts'
import { findSignChanges, type SignChanges } from './signChanges.ts'

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

/** A pre-activation at the points of a walk, cut where a unit changes sign. */
export interface CutWalk extends Walk {
  /** Points x size; 0 where a unit crosses its threshold. */
  pre: Float64Array
}

/**
 * Cuts a walk wherever a unit of the next pre-activation changes sign inside an interval. Values at new points are
 * taken from the line between the ends; the unit that crosses is exactly 0 there.
 *
 * @param pre points x size; entries whose sign changes within rounding of a point become 0
 */
export function cutAtSignChanges(walk: Walk, pre: Float64Array, size: number): CutWalk {
  const changes = findSignChanges(walk, pre, size)
  if (changes.points === 0) return { ...walk, pre }
  const layout = layOut(walk, changes)
  const states = walk.states.map((values) => values && spread(values, values.length / walk.t.length, layout))
  const cut = spread(pre, size, layout)
  keepSigns(cut, size, changes, layout)
  return { starts: layout.starts, t: layout.t, states, pre: cut }
}

/** Where old and new points lie after cutting. */
interface Layout {
  starts: Int32Array
  t: Float64Array
  /** Per point: the old point it is, or the one before it. */
  origin: Int32Array
  /** Per point: how far it is from there to the next old point, 0 for old points. */
  fraction: Float64Array
}

function layOut({ starts, t }: Walk, changes: SignChanges): Layout {
  const points = t.length + changes.points
  const layout = {
    starts: new Int32Array(starts.length),
    t: new Float64Array(points),
    origin: new Int32Array(points),
    fraction: new Float64Array(points),
  }
  let at = 0
  let next = 0
  for (let segment = 0; segment + 1 < starts.length; segment++) {
    layout.starts[segment] = at
    for (let point = starts[segment]; point < starts[segment + 1]; point++) {
      layout.t[at] = t[point]
      layout.origin[at++] = point
      for (; next < changes.count && changes.interval[next] === point; next++) {
        if (!changes.opens[next]) continue
        layout.t[at] = changes.t[next]
        layout.origin[at] = point
        layout.fraction[at++] = changes.fraction[next]
      }
    }
  }
  layout.starts[starts.length - 1] = at
  return layout
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

/**
 * Gives every crossing unit the sign it must have at the new points of its interval: that of the interval's begin
 * before it crosses, 0 where it does, that of the end after. Rounding may have left another one.
 */
function keepSigns(
  pre: Float64Array,
  size: number,
  changes: SignChanges,
  { origin, fraction }: Layout,
): void {
  let first = 0
  for (let point = 0; point < origin.length; point++) {
    if (fraction[point] === 0) continue
    while (changes.interval[first] < origin[point]) first++
    for (let i = first; i < changes.count && changes.interval[i] === origin[point]; i++) {
      const at = point * size + changes.unit[i]
      const before = changes.fraction[i] > fraction[point]
      const positive = before === (changes.falls[i] === 1)
      if (changes.fraction[i] === fraction[point] || (positive ? pre[at] < 0 : pre[at] > 0)) pre[at] = 0
    }
  }
}
