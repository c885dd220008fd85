import type { NodeProto } from 'onnx-buf'
import { intAttribute } from '../attributes.ts'
import { elementCount } from '../../shape.ts'
import type { Emitter } from './emitter.ts'
import { refuseLargePatches, type Lowering } from './lowering.ts'
import { batchFirst, gatherPatches } from './patches.ts'
import { placesOf, windowOf } from '../window.ts'

/**
 * A convolution as a matrix product: the patches of the input are gathered as columns (Chellapilla et al., "High
 * performance convolutional neural networks for document processing", 2006), and the kernels of each group multiply
 * them from the left.
 */
export const lowerConv: Lowering = (node, emitter, shapeOf) => {
  const [data, kernels] = node.input
  const [batch, channels, ...input] = shapeOf(data)
  const [features, , ...kernel] = shapeOf(kernels)
  const output = shapeOf(node.output[0]).slice(2)
  const groups = intAttribute(node, 'group', 1)
  const [kernelSize, outputSize] = [elementCount(kernel), elementCount(output)]
  const entries = batch * channels * kernelSize * outputSize
  refuseLargePatches(node, entries)
  const weights = emitter.reshape(kernels, [groups, features / groups, -1])
  const { places } = placesOf(windowOf(node, input, output, kernel))
  const size = elementCount(input)
  const indices = places.map((place) => (place < 0 ? size : place))
  const patches = gatherPatches(emitter, data, channels, size, indices, [kernelSize, outputSize])
  const columns = emitter.reshape(patches, [groups, (channels / groups) * kernelSize, -1])
  const product = emitter.node('MatMul', [weights, columns])
  addBias(node, emitter, product, [features, ...output])
  return entries
}

/**
 * Adds the third operand, a number a channel, where there is one, and names the result as the node does.
 * @param columns channels x places x batch (any axes of so many elements)
 * @param shape channels, then the axes of the places
 */
export function addBias(node: NodeProto, emitter: Emitter, columns: string, shape: readonly number[]): void {
  const bias = node.input.at(2) ?? ''
  if (bias === '') {
    batchFirst(emitter, columns, shape, node.output[0])
  } else {
    const column = emitter.reshape(
      bias,
      shape.map((size, axis) => (axis === 0 ? size : 1)),
    )
    emitter.node('Add', [batchFirst(emitter, columns, shape), column], {}, node.output[0])
  }
}
