import type { ElementType } from './dataset.ts'

/** A number type of NPY or IDX files. */
export interface NumberType {
  /** Bytes of one number. */
  readonly size: number
  readonly elementType: ElementType
  readonly isInteger: boolean
  read(view: DataView, offset: number, littleEndian: boolean): number
}

const integer = (size: number, read: NumberType['read'], elementType: ElementType = 'F32'): NumberType => ({
  size,
  elementType,
  isInteger: true,
  read,
})

const float = (size: number, read: NumberType['read']): NumberType => ({
  size,
  elementType: 'F32',
  isInteger: false,
  read,
})

/** By NumPy's kind and size. Booleans are 0 and 1 without a scale, so they are stored as F32. */
export const numberTypes = {
  b1: integer(1, (view, offset) => (view.getUint8(offset) === 0 ? 0 : 1)),
  u1: integer(1, (view, offset) => view.getUint8(offset), 'U8'),
  i1: integer(1, (view, offset) => view.getInt8(offset)),
  u2: integer(2, (view, offset, little) => view.getUint16(offset, little)),
  i2: integer(2, (view, offset, little) => view.getInt16(offset, little)),
  u4: integer(4, (view, offset, little) => view.getUint32(offset, little)),
  i4: integer(4, (view, offset, little) => view.getInt32(offset, little)),
  u8: integer(8, (view, offset, little) => Number(view.getBigUint64(offset, little))),
  i8: integer(8, (view, offset, little) => Number(view.getBigInt64(offset, little))),
  f2: float(2, (view, offset, little) => halfToNumber(view.getUint16(offset, little))),
  f4: float(4, (view, offset, little) => view.getFloat32(offset, little)),
  f8: float(8, (view, offset, little) => view.getFloat64(offset, little)),
} satisfies Record<string, NumberType>

/** IEEE 754 binary16: 1 sign bit, 5 of exponent (bias 15), 10 of fraction. */
export function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 0x1f
  const fraction = bits & 0x3ff
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN
  return sign * (1024 + fraction) * 2 ** (exponent - 25)
}
