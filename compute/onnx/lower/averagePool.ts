import { intAttribute, intsAttribute } from '../attributes.ts'
import { elementCount } from '../../shape.ts'
import { refuseLargePatches, type Lowering } from './lowering.ts'
import { batchFirst, gatherPatches } from './patches.ts'
import { placesOf, windowOf, type WindowPlaces } from '../window.ts'

/** An average over windows as gathered patches, weighed by one over the number of places that count, and summed. */
export const lowerAveragePool: Lowering = (node, emitter, shapeOf) => {
  const [data] = node.input
  const [batch, channels, ...input] = shapeOf(data)
  const output = shapeOf(node.output[0]).slice(2)
  const kernel = intsAttribute(node, 'kernel_shape') ?? input
  const entries = batch * channels * elementCount(kernel) * elementCount(output)
  refuseLargePatches(node, entries)
  const windows = placesOf(windowOf(node, input, output, kernel))
  const { kernelSize, outputSize, places } = windows
  const indices = places.map((place) => Math.max(0, place)) // what lies in the padding has weight 0
  const patches = gatherPatches(emitter, data, channels, elementCount(input), indices, [
    kernelSize,
    outputSize,
  ])
  const weights = weightsOf(windows, intAttribute(node, 'count_include_pad', 0) === 1)
  const weighed = emitter.node('Mul', [patches, emitter.doubles(weights, [kernelSize, outputSize, 1])])
  const columns = emitter.reshape(weighed, [channels, kernelSize, -1])
  const ones = emitter.doubles(new Float64Array(kernelSize).fill(1), [1, kernelSize])
  batchFirst(emitter, emitter.node('MatMul', [ones, columns]), [channels, ...output], node.output[0])
  return entries
}

/** Kernel entries x output places. */
function weightsOf({ places, padded, kernelSize, outputSize }: WindowPlaces, withPadding: boolean) {
  const weights = new Float64Array(kernelSize * outputSize)
  for (let p = 0; p < outputSize; p++) {
    let count = 0
    for (let i = p; i < places.length; i += outputSize)
      count += withPadding ? padded[i] : Number(places[i] >= 0)
    for (let i = p; i < places.length; i += outputSize) weights[i] = places[i] < 0 ? 0 : 1 / count
  }
  return weights
}

/** An average over all places as a matrix product with one column. */
export const lowerGlobalAveragePool: Lowering = (node, emitter, shapeOf) => {
  const [data] = node.input
  const [batch, channels, ...input] = shapeOf(data)
  const size = elementCount(input)
  const flat = emitter.reshape(data, [-1, channels, size])
  const column = emitter.doubles(new Float64Array(size).fill(1 / size), [size, 1])
  emitter.reshape(
    emitter.node('MatMul', [flat, column]),
    [-1, channels, ...input.map(() => 1)],
    node.output[0],
  )
  return batch * channels * size
}
