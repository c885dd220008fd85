import type { GraphProto, TensorShapeProto_Dimension } from 'onnx-buf'
import { AtlasError } from '../errors.ts'
import { MAX_SAMPLE_ELEMENTS, tooLarge } from './limits.ts'
import { NUMBER_TYPES, numberTypeOf, type NumberType } from './numberTypes.ts'
import { elementCount, shapeText } from '../shape.ts'

/** The tensor that a network reads its samples from. */
export interface NetworkInput {
  readonly name: string
  readonly type: NumberType
  /**
   * How the file declares the batch: an axis of any size, an axis fixed at 1 in front of the sample's own
   * axes, or no axis at all (the whole tensor is one sample).
   */
  readonly batchAxis: 'any' | 'one' | 'absent'
  /** Shape of one sample, without the batch axis. */
  readonly sampleShape: readonly number[]
}

/**
 * Finds the one input of a graph that is not an initializer.
 * @throws AtlasError UNSUPPORTED_INPUTS when there is not exactly one or its shape is not known;
 *   UNSUPPORTED_INPUT_TYPE when it is no tensor of one of `NUMBER_TYPES`; TOO_LARGE
 */
export function readInput(graph: GraphProto): NetworkInput {
  const stored = new Set(graph.initializer.map((tensor) => tensor.name))
  const inputs = graph.input.filter((info) => !stored.has(info.name))
  if (inputs.length !== 1) {
    const names = inputs
      .slice(0, 4)
      .map((info) => `"${info.name}"`)
      .concat(inputs.length > 4 ? ['…'] : [])
      .join(', ')
    throw new AtlasError(
      'UNSUPPORTED_INPUTS',
      `The network has ${inputs.length} inputs${names && ` (${names})`}; the atlas needs exactly one. ` +
        'Export the network with a single input tensor.',
    )
  }
  const [{ name, type }] = inputs
  const tensor = type?.value.case === 'tensorType' ? type.value.value : undefined
  const numbers = numberTypeOf(tensor?.elemType ?? 0)
  if (tensor === undefined || numbers === undefined) {
    throw new AtlasError(
      'UNSUPPORTED_INPUT_TYPE',
      `The input "${name}" is no tensor of ${NUMBER_TYPES.join(', ')}. Export the network with such an input.`,
    )
  }
  const input = { name, type: numbers, ...splitBatchAxis(name, tensor.shape?.dim ?? []) }
  refuseLargeSample(input)
  return input
}

/** Before anything of its size is allocated. */
function refuseLargeSample({ name, sampleShape }: NetworkInput): void {
  const count = elementCount(sampleShape)
  if (count <= MAX_SAMPLE_ELEMENTS) return
  throw tooLarge(
    `A sample of the input "${name}" has the shape ${shapeText(sampleShape)}`,
    `${MAX_SAMPLE_ELEMENTS} values`,
    'Export the network for smaller samples',
  )
}

function splitBatchAxis(
  name: string,
  dims: readonly TensorShapeProto_Dimension[],
): Pick<NetworkInput, 'batchAxis' | 'sampleShape'> {
  const sizes = dims.map(({ value }) => (value.case === 'dimValue' ? Number(value.value) : null))
  const batchAxis = sizes[0] === null ? 'any' : sizes[0] === 1 && sizes.length > 1 ? 'one' : 'absent'
  const sampleSizes = batchAxis === 'absent' ? sizes : sizes.slice(1)
  const sampleShape = sampleSizes.filter((size) => size !== null && size > 0 && Number.isSafeInteger(size))
  if (sizes.length === 0 || sampleShape.length !== sampleSizes.length) {
    const shape = shapeText(sizes.map((size) => size ?? '?'))
    throw new AtlasError(
      'UNSUPPORTED_INPUTS',
      `The shape ${shape} of the input "${name}" leaves the size of a sample open. ` +
        'Export the network with every axis but the batch axis fixed.',
    )
  }
  return { batchAxis, sampleShape: sampleShape.filter((size) => size !== null) }
}
