import { Tensor } from 'onnxruntime-node'
import { AtlasError } from '../errors.ts'
import { widenHalf } from '../kernels/index.ts'
import { toFloat16 } from './float16.ts'
import { fromFloat64 } from './float64Values.ts'
import { NUMBER_TYPES, type NumberType } from './numberTypes.ts'

/**
 * Samples as the runtime takes them: the samples of the atlas are float32, and what a network reads may be narrower, wider
 * or whole.
 * @throws AtlasError NOT_WHOLE_NUMBERS where a network that reads whole numbers gets others, or some that float32
 *   may have rounded
 */
export function feedOf(type: NumberType, values: Float32Array, dims: readonly number[]): Tensor {
  switch (type) {
    case 'float32':
      return new Tensor(type, values, dims)
    case 'float16':
      return new Tensor(type, toFloat16(values), dims)
    case 'float64':
      return new Tensor(type, Float64Array.from(values), dims)
    case 'int32':
      return new Tensor(type, Int32Array.from(whole(values)), dims)
    case 'int64':
      return new Tensor(type, BigInt64Array.from(whole(values), BigInt), dims)
  }
}

/** What the runtime says of a tensor's type, where it is one that networks read. */
export function numberType(type: string): NumberType | undefined {
  return NUMBER_TYPES.find((known) => known === type)
}

/** The numbers of a tensor that the runtime puts out, in float32; undefined where it holds no floating-point ones. */
export function floatsOf({ data, type }: Tensor): Float32Array | undefined {
  if (data instanceof Float32Array) return data
  if (type === 'float16' && data instanceof Uint16Array) return widenHalf(data)
  return data instanceof Float64Array ? fromFloat64(data) : undefined
}

/** Float32 holds all whole numbers up to this one: one beyond may be another's neighbour, rounded. */
const MOST = 2 ** 24

function whole(values: Float32Array): Float32Array {
  const other = values.find((value) => !Number.isInteger(value) || Math.abs(value) > MOST)
  if (other === undefined) return values
  throw new AtlasError(
    'NOT_WHOLE_NUMBERS',
    `The network reads whole numbers of at most ${MOST}, such as token ids, but a sample holds ${other}: import the ` +
      'dataset with a vocabulary, or with the scale 1.',
  )
}
