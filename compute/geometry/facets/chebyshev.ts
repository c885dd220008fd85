import { Dictionary } from './dictionary.ts'
import { workspace } from '../../kernels/index.ts'
import { slacksAt, type PlacedPolytope } from './placed.ts'
import type { Polytope } from './polytope.ts'
import { nextEdge, PivotRule } from './simplex.ts'
import { leastOf } from './vectors.ts'

/** Inradius over typical offset up to which a polytope counts as without inside: rounding decides there. */
const FLAT = 1e-12

/** Where a polytope is widest. */
export interface Inside {
  kind: 'INSIDE'
  /** Centre of the greatest ball inside; null where there is no greatest. */
  center: Float64Array | null
  /** Radius of the greatest ball; Infinity where balls of any radius fit. */
  inradius: number
  /** A point inside: the centre, but near the origin where a large polytope has room there. */
  point: Float64Array
  /** Distance from that point to the nearest hyperplane. */
  clearance: number
}

/** EMPTY: no ball fits. UNKNOWN: it was stopped before that was known. */
export type Widest = Inside | { kind: 'EMPTY' | 'UNKNOWN' }

/**
 * The Chebyshev centre and radius, by the linear program max r with a . y + r <= b for every row: it starts from the
 * origin with the least offset as r, which is below 0 where the origin is outside, so that it is phase 1 as well.
 */
export function widestInside(polytope: PlacedPolytope, stopped: () => boolean): Widest {
  const { rows, dimension, offsets } = polytope
  const typical = typicalOf(offsets)
  const start = leastOf(offsets)
  const dictionary = new Dictionary(withRadius(polytope, start), rows + 1, 1e-13 * typical)
  for (let row = 0; row <= rows; row++) dictionary.append(row)
  const rule = new PivotRule(dictionary)
  const radius = () => start - dictionary.value(rows)
  let point = start >= typical ? new Float64Array(dimension) : undefined
  for (;;) {
    if (stopped()) return { kind: 'UNKNOWN' }
    const edge = nextEdge(dictionary, rows, 1, rule)
    if (edge === undefined) break
    const growth = Math.abs(dictionary.table[rows * (dimension + 2) + edge.column])
    const missing = Math.max(0, typical - radius()) / growth
    if (missing <= edge.length) {
      point ??= dictionary.pointAt(edge.column, edge.direction * missing).slice(0, dimension)
    }
    if (edge.place < 0) return insideAt(polytope, null, point, typical)
    if (!rule.note(edge.length)) return { kind: 'UNKNOWN' }
    dictionary.pivot(edge.place, edge.column)
  }
  return insideAt(polytope, dictionary.pointAt().slice(0, dimension), point, typical)
}

/** The middle one of the offsets' sizes that are not 0; 1 where all are. */
export function typicalOf(offsets: Float64Array): number {
  const sizes = offsets.map(Math.abs).filter((size) => size > 0)
  return sizes.length === 0 ? 1 : sizes.sort()[sizes.length >> 1]
}

/** The rows with the radius beyond its start as one coordinate more, and a last row, whose slack falls as it grows. */
function withRadius({ rows, dimension, normals, offsets }: Polytope, start: number): Polytope {
  const width = dimension + 1
  const lifted = workspace.take((rows + 1) * width)
  for (let row = 0; row < rows; row++) {
    lifted.set(normals.subarray(row * dimension, (row + 1) * dimension), row * width)
    lifted[row * width + dimension] = 1
  }
  lifted.fill(0, rows * width)
  lifted[rows * width + dimension] = 1
  const slacks = new Float64Array(rows + 1)
  for (let row = 0; row < rows; row++) slacks[row] = offsets[row] - start
  return { rows: rows + 1, dimension: width, normals: lifted, offsets: slacks }
}

/** Measures the slacks with the rows as they were given: those of the linear program have rounded. */
function insideAt(
  polytope: PlacedPolytope,
  center: Float64Array | null,
  near: Float64Array | undefined,
  typical: number,
): Widest {
  const inradius = center ? leastOf(slacksAt(polytope, center)) : Infinity
  const point = near ?? center
  const clearance = point ? leastOf(slacksAt(polytope, point)) : 0
  if (point && clearance > FLAT * typical) return { kind: 'INSIDE', center, inradius, point, clearance }
  return { kind: center ? 'EMPTY' : 'UNKNOWN' }
}
