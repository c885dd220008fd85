import { elementCount } from '../shape.ts'

/**
 * How a layer's units and positions lie in its pre-activation. A tensor is in the order of its axes, a code in the order
 * of position, then unit; the two differ where channels are not the last axis, as after a convolution. This file alone
 * knows how.
 */
export interface UnitLayout {
  /** Shape of one sample's pre-activation. */
  readonly shape: readonly number[]
  /** The axis of `shape` that holds the units; the others are positions, in their order. */
  readonly unitAxis: number
}

/** Where an element of a pre-activation belongs. */
export interface UnitPlace {
  readonly unit: number
  readonly position: number
}

/** Sizes of the axes before the units, of the units, and of the axes behind them. */
export interface Extents {
  readonly outer: number
  readonly units: number
  readonly inner: number
}

/** The unit and the position of an element, by its index in tensor order. */
export function placeOfElement(layout: UnitLayout, element: number): UnitPlace {
  const { units, inner } = extentsOf(layout)
  const channel = Math.floor(element / inner)
  const unit = channel % units
  return { unit, position: ((channel - unit) / units) * inner + (element % inner) }
}

/** Makes an array of a kind, as `Float32Array` does. */
type Make<Values> = new (length: number) => Values

/** Values in tensor order, turned to code order (position, then unit). The array itself where the orders are one. */
export function toCodeOrder<Values extends Numbers>(
  make: Make<Values>,
  layout: UnitLayout,
  values: Values,
): Values {
  const { outer, units, inner } = extentsOf(layout)
  return transposeBlocks(make, values, units, inner, outer)
}

/** Values in code order, turned to tensor order. The array itself where the orders are one. */
export function toTensorOrder<Values extends Numbers>(
  make: Make<Values>,
  layout: UnitLayout,
  values: Values,
): Values {
  const { outer, units, inner } = extentsOf(layout)
  return transposeBlocks(make, values, inner, units, outer)
}

/** Per bit of a layer, in code order, the index of its element in tensor order. */
export function elementsByBit(layout: UnitLayout): Int32Array {
  const elements = Int32Array.from({ length: elementCount(layout.shape) }, (_, element) => element)
  return toCodeOrder(Int32Array, layout, elements)
}

interface Numbers {
  readonly length: number
  [index: number]: number
}

/** How often units lie in one sample, and how far apart. */
export function extentsOf({ shape, unitAxis }: UnitLayout): Extents {
  return {
    outer: elementCount(shape.slice(0, Math.max(0, unitAxis))),
    units: shape[unitAxis] ?? 1,
    inner: elementCount(shape.slice(unitAxis + 1)),
  }
}

/**
 * Tiles of this many rows and columns stay in the first cache: 120 to 180 million values a second, about two thirds of a
 * copy. A Transpose in ONNX Runtime, which has to hand out a copy as well, reached 55 to 95 where no cache holds them.
 */
const TILE = 32

/** Transposes consecutive matrices of rows x columns. */
function transposeBlocks<Values extends Numbers>(
  make: Make<Values>,
  values: Values,
  rows: number,
  columns: number,
  multiple: number,
): Values {
  const size = rows * columns
  if (values.length % (size * multiple) !== 0) {
    throw new RangeError(`${values.length} values are no rows of ${size * multiple}`)
  }
  if (rows === 1 || columns === 1) return values
  const turned = new make(values.length)
  for (let block = 0; block < values.length; block += size) {
    for (let top = 0; top < rows; top += TILE) {
      const bottom = Math.min(rows, top + TILE)
      for (let left = 0; left < columns; left += TILE) {
        const right = Math.min(columns, left + TILE)
        for (let column = left; column < right; column++) {
          let to = block + column * rows + top
          let from = block + top * columns + column
          for (let row = top; row < bottom; row++, to++, from += columns) turned[to] = values[from]
        }
      }
    }
  }
  return turned
}
