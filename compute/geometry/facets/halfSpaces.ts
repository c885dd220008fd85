import type { LocalMap } from '../localMap.ts'
import { boundaries, joinUnits, zeroLength } from './boundaries.ts'
import { mergeRows } from './mergeRows.ts'
import type { Polytope } from './polytope.ts'
import { addMultiple, lengthOf } from './vectors.ts'

/** What a half-space comes from: a unit of the span's layers, or a side of the box. */
export type Bound =
  | {
      kind: 'UNIT'
      /** Place of the layer in the span, from 0. */
      layer: number
      /** Place of the unit in its layer: position, then unit. */
      index: number
      /**
       * The bits that change across the half-space's boundary, by place in the code of the span: one, or for a window
       * those in which the numbers of its winner and of the entry that wins beyond differ. Where bounds of several
       * layers share a half-space, this is certain of the first layer alone: beyond, later layers see another map, and
       * may be on the boundary without crossing it (or cross it with no bound here, as with zeros after a Relu).
       * The code at a point beyond tells.
       */
      bits: number[]
    }
  | { kind: 'BOX'; axis: number; side: 'LOWER' | 'UPPER' }

/** Least and greatest value of each coordinate of the space where the span begins; may be infinite. */
export interface Box {
  lower: Float64Array
  upper: Float64Array
}

/** The half-spaces of a region. */
export interface HalfSpaces {
  /** In coordinates relative to the base point of the region's map. */
  polytope: Polytope
  /** Per row, all that have this half-space. */
  bounds: Bound[][]
  /** False where a unit that does not depend on the point contradicts the code: no point has that code. */
  possible: boolean
}

/**
 * The half-spaces that bound a region: one a bit, for windows one a losing entry, and two an axis of the box where one
 * is given. Functions that do not depend on the point to rounding (all that they read is off, say) bound nothing;
 * half-spaces that are the same to rounding are one row.
 *
 * @param bits the code of the span, in the order of the map's guards
 */
export function halfSpaces(map: LocalMap, bits: Uint8Array, box?: Box): HalfSpaces {
  const { dimension, base } = map
  const functions = boundaries(map, bits)
  const zero = zeroLength(functions)
  const bounding = functions.filter(({ length }) => length > zero)
  const constant = functions.filter(({ length }) => !(length > zero))
  const sides = box ? sidesOf(map, box) : []
  const rows = bounding.length + sides.length
  const normals = new Float64Array(rows * dimension)
  const offsets = new Float64Array(rows)
  const bounds: Bound[] = []
  for (const { bound, normal, length, atBase, inside } of bounding) {
    const row = bounds.push(bound) - 1
    const scale = -inside / length
    addMultiple(normals, row * dimension, scale, normal, 0, dimension)
    offsets[row] = -scale * atBase
  }
  for (const { bound, sign, offset } of sides) {
    const row = bounds.push(bound) - 1
    normals[row * dimension + bound.axis] = sign
    offsets[row] = offset
  }
  const possible = constant.every(({ atBase, inside, open }) =>
    open ? inside * atBase > 0 : inside * atBase >= 0,
  )
  const merged = mergeRows({ rows, dimension, normals, offsets }, bounds, lengthOf(base))
  return { ...merged, bounds: merged.bounds.map((same) => joinUnits(map.guards, same)), possible }
}

function sidesOf({ base, dimension }: LocalMap, { lower, upper }: Box) {
  return Array.from({ length: dimension }, (_, axis) => [
    {
      bound: { kind: 'BOX' as const, axis, side: 'LOWER' as const },
      sign: -1,
      offset: base[axis] - lower[axis],
    },
    {
      bound: { kind: 'BOX' as const, axis, side: 'UPPER' as const },
      sign: 1,
      offset: upper[axis] - base[axis],
    },
  ])
    .flat()
    .filter(({ offset }) => Number.isFinite(offset))
}
