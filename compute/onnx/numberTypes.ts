import { TensorProto_DataType } from 'onnx-buf'

/** Types of numbers that a network may read, by ONNX Runtime's names. */
export const NUMBER_TYPES = ['float16', 'float32', 'float64', 'int32', 'int64'] as const
export type NumberType = (typeof NUMBER_TYPES)[number]

/** ONNX's types that samples may be read in. */
const BY_DATA_TYPE: ReadonlyMap<number, NumberType> = new Map([
  [TensorProto_DataType.FLOAT16, 'float16'],
  [TensorProto_DataType.FLOAT, 'float32'],
  [TensorProto_DataType.DOUBLE, 'float64'],
  [TensorProto_DataType.INT32, 'int32'],
  [TensorProto_DataType.INT64, 'int64'],
])

/** The type that ONNX's number of it stands for; undefined for those that samples cannot be read in. */
export function numberTypeOf(dataType: number): NumberType | undefined {
  return BY_DATA_TYPE.get(dataType)
}

/** Whether a type holds whole numbers, such as token ids. */
export function isWhole(type: NumberType): boolean {
  return type === 'int32' || type === 'int64'
}
