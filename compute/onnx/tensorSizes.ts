import { TensorProto_DataType, type ModelProto, type TensorProto } from 'onnx-buf'
import { AtlasError } from '../errors.ts'
import { MAX_SPARSE_ELEMENTS, MAX_TENSOR_ELEMENTS, tooLarge } from './limits.ts'
import { shapeText } from '../shape.ts'
import { modelTensors } from './tensors.ts'

type Field = 'floatData' | 'int32Data' | 'stringData' | 'int64Data' | 'doubleData' | 'uint64Data'

/** Bits of an element that never lies in `rawData`. */
const NOT_RAW = 0

/** How elements of a type are stored. */
interface Storage {
  /** Bits of an element in `rawData`. */
  readonly bits: number
  /** Where they lie if not in `rawData`. */
  readonly field: Field
  /** Entries of the field for an element. */
  readonly entries: number
}

const { DOUBLE, FLOAT, FLOAT16, BFLOAT16, BOOL, STRING, COMPLEX64, COMPLEX128 } = TensorProto_DataType
const { INT2, INT4, INT8, INT16, INT32, INT64, UINT2, UINT4, UINT8, UINT16, UINT32, UINT64 } =
  TensorProto_DataType
const { FLOAT4E2M1, FLOAT8E4M3FN, FLOAT8E4M3FNUZ, FLOAT8E5M2, FLOAT8E5M2FNUZ, FLOAT8E8M0 } =
  TensorProto_DataType

/** By type, as onnx.proto says at each field. */
const STORAGE: ReadonlyMap<number, Storage> = new Map([
  ...stored('floatData', 32, [FLOAT]),
  ...stored('floatData', 64, [COMPLEX64], 2),
  ...stored('doubleData', 64, [DOUBLE]),
  ...stored('doubleData', 128, [COMPLEX128], 2),
  ...stored('int64Data', 64, [INT64]),
  ...stored('uint64Data', 32, [UINT32]),
  ...stored('uint64Data', 64, [UINT64]),
  ...stored('int32Data', 32, [INT32]),
  ...stored('int32Data', 16, [INT16, UINT16, FLOAT16, BFLOAT16]),
  ...stored('int32Data', 8, [INT8, UINT8, BOOL]),
  ...stored('int32Data', 8, [FLOAT8E4M3FN, FLOAT8E4M3FNUZ, FLOAT8E5M2, FLOAT8E5M2FNUZ, FLOAT8E8M0]),
  ...stored('int32Data', 4, [INT4, UINT4, FLOAT4E2M1], 1 / 2),
  ...stored('int32Data', 2, [INT2, UINT2], 1 / 4),
  ...stored('stringData', NOT_RAW, [STRING]),
])

function stored(
  field: Field,
  bits: number,
  types: readonly TensorProto_DataType[],
  entries = 1,
): [number, Storage][] {
  return types.map((type) => [type, { bits, field, entries }])
}

/**
 * Refuses tensors whose declared shape is absurd or is not that of their data: nothing may be allocated, or read, by a
 * shape that a file merely claims.
 * @throws AtlasError MALFORMED_ONNX, TOO_LARGE
 */
export function refuseWrongSizes(model: ModelProto): void {
  for (const { name, tensor, dense } of modelTensors(model)) {
    if (dense) countElements(name, dense, MAX_SPARSE_ELEMENTS)
    refuseWrongData(name, tensor, countElements(name, tensor.dims, MAX_TENSOR_ELEMENTS))
  }
}

/** The elements of a shape. */
function countElements(name: string, dims: readonly bigint[], limit: number): number {
  const empty = dims.includes(0n)
  let count = 1n
  for (const size of dims) {
    if (size < 0n) throw malformed(name, `declares the shape ${shapeText(dims)}, with a negative size`)
    count = empty ? size : count * size
    if (count <= limit) continue
    throw tooLarge(
      `The tensor "${name}" declares the shape ${shapeText(dims)}`,
      `${limit} elements`,
      'Export the network again, or a smaller one',
    )
  }
  return empty ? 0 : Number(count)
}

function refuseWrongData(name: string, tensor: TensorProto, count: number): void {
  const { dataType, rawData, dims } = tensor
  const storage = STORAGE.get(dataType)
  if (storage === undefined) throw malformed(name, `has the data type ${dataType}, which ONNX does not know`)
  const { bits, field, entries } = storage
  const raw = rawData.length > 0 && bits !== NOT_RAW
  const held = raw ? rawData.length : tensor[field].length
  const needed = Math.ceil(raw ? (count * bits) / 8 : count * entries)
  if (held === needed) return
  const shape = `the shape ${shapeText(dims)} of ${TensorProto_DataType[dataType]}`
  throw malformed(
    name,
    `declares ${shape}, which takes ${needed} ${raw ? 'bytes' : 'values'}, but holds ${held}`,
  )
}

function malformed(name: string, problem: string): AtlasError {
  return new AtlasError('MALFORMED_ONNX', `The tensor "${name}" ${problem}. Export the network again.`)
}
