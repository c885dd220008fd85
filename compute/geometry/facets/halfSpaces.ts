import type { LocalMap } from '../localMap.ts'
import { mergeRows } from './mergeRows.ts'
import type { Polytope } from './polytope.ts'
import { unitRows } from './unitRows.ts'
import { addMultiple, lengthOf } from './vectors.ts'

/** What a half-space comes from: a unit of the span's layers, or a side of the box. */
export type Bound =
  | {
      kind: 'UNIT'
      /** Place of the layer in the span, from 0. */
      layer: number
      /** Place of the unit in its layer: position, then unit. */
      index: number
      /** Place of its bit in the code of the span. */
      bit: number
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
 * The half-spaces that bound a region: one a unit and two a side of the box where one is given. Units that do not
 * depend on the point to rounding (all that they read is off, say) bound nothing; half-spaces that are the same to
 * rounding are one row.
 *
 * @param bits the code of the span, in the order of the map's pre-activations
 */
export function halfSpaces(map: LocalMap, bits: Uint8Array, box?: Box): HalfSpaces {
  const { dimension, base } = map
  const { rows: units, zero } = unitRows(map)
  const depends = units.map(({ length }) => length > zero)
  const sides = box ? sidesOf(map, box) : []
  const rows = depends.filter(Boolean).length + sides.length
  const normals = new Float64Array(rows * dimension)
  const offsets = new Float64Array(rows)
  const bounds: Bound[] = []
  units.forEach(({ layer, index, normal, length, atBase }, bit) => {
    if (!depends[bit]) return
    const row = bounds.push({ kind: 'UNIT', layer, index, bit }) - 1
    const scale = (bits[bit] === 1 ? -1 : 1) / length
    addMultiple(normals, row * dimension, scale, normal, 0, dimension)
    offsets[row] = -scale * atBase
  })
  for (const { bound, sign, offset } of sides) {
    const row = bounds.push(bound) - 1
    normals[row * dimension + bound.axis] = sign
    offsets[row] = offset
  }
  const possible = units.every(({ atBase }, bit) => depends[bit] || atBase > 0 === (bits[bit] === 1))
  return { ...mergeRows({ rows, dimension, normals, offsets }, bounds, lengthOf(base)), possible }
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
