import { intAttribute } from '../attributes.ts'
import { elementCount } from '../shape.ts'
import type { Emitter } from './emitter.ts'
import { refuseLargePatches, type Lowering } from './lowering.ts'
import { placesOf, windowOf, type Window } from './window.ts'

/**
 * A convolution as a matrix product: the patches of the input are gathered as columns (Chellapilla et al., "High
 * performance convolutional neural networks for document processing", 2006), and the kernels of each group multiply
 * them from the left, so that the result has its channels in front as ONNX wants it, without a transposition.
 */
export const lowerConv: Lowering = (node, emitter, shapeOf) => {
  const [data, kernels] = node.input
  const bias = node.input.at(2) ?? ''
  const [batch, channels, ...input] = shapeOf(data)
  const [features, , ...kernel] = shapeOf(kernels)
  const output = shapeOf(node.output[0]).slice(2)
  const groups = intAttribute(node, 'group', 1)
  const [kernelSize, outputSize] = [elementCount(kernel), elementCount(output)]
  const entries = batch * channels * kernelSize * outputSize
  refuseLargePatches(node, entries)
  const weights = emitter.reshape(kernels, [groups, features / groups, -1])
  const patches = patchesOf(emitter, data, channels, windowOf(node, input, output, kernel))
  const columns = emitter.reshape(patches, [-1, groups, (channels / groups) * kernelSize, outputSize])
  const product = emitter.node('MatMul', [weights, columns])
  const shape = [-1, features, ...output]
  if (bias === '') {
    emitter.reshape(product, shape, node.output[0])
  } else {
    const column = emitter.reshape(bias, [features, ...output.map(() => 1)])
    emitter.node('Add', [emitter.reshape(product, shape), column], {}, node.output[0])
  }
  return entries
}

/** The patches of a tensor: batch x channels x kernel entries x output places. */
function patchesOf(emitter: Emitter, data: string, channels: number, window: Window): string {
  const inputSize = elementCount(window.input)
  const { places, kernelSize, outputSize } = placesOf(window)
  let flat = emitter.reshape(data, [-1, channels, inputSize])
  if (kernelSize === 1 && outputSize === inputSize && places.every((place, i) => place === i)) return flat
  if (places.includes(-1)) flat = withZero(emitter, flat)
  // The padding is read from the zero behind the last place.
  const indices = places.map((place) => (place < 0 ? inputSize : place))
  return emitter.node('Gather', [flat, emitter.integers(indices, [kernelSize, outputSize])], { axis: 2 })
}

/** A tensor batch x channels x places with one more place, which holds 0. */
function withZero(emitter: Emitter, flat: string): string {
  const pads = [0, 0, 0, 0, 0, 1]
  if (emitter.opset < 11) return emitter.node('Pad', [flat], { pads })
  return emitter.node('Pad', [flat, emitter.integers(Int32Array.from(pads), [6])])
}
