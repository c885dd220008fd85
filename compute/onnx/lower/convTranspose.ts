import type { NodeProto } from 'onnx-buf'
import { intAttribute, intsAttribute, stringAttribute } from '../attributes.ts'
import { elementCount } from '../../shape.ts'
import { windowOf, type Window } from '../window.ts'
import { addBias } from './conv.ts'
import { refuseLargePatches, type Lowering } from './lowering.ts'
import { gatherPatches } from './patches.ts'

/**
 * A transposed convolution as a matrix product: for each place of the output and each entry of the kernel there is one
 * place of the input at most that reaches it so. These are gathered as columns, as for a convolution.
 */
export const lowerConvTranspose: Lowering = (node, emitter, shapeOf) => {
  const [data, kernels] = node.input
  const [batch, channels, ...input] = shapeOf(data)
  const [, features, ...kernel] = shapeOf(kernels)
  const output = shapeOf(node.output[0]).slice(2)
  const groups = intAttribute(node, 'group', 1)
  const [kernelSize, outputSize] = [elementCount(kernel), elementCount(output)]
  const entries = batch * channels * kernelSize * outputSize
  refuseLargePatches(node, entries)
  const byGroup = emitter.reshape(kernels, [groups, channels / groups, features, kernelSize])
  const turned = emitter.node('Transpose', [byGroup], { perm: [0, 2, 1, 3] })
  const weights = emitter.reshape(turned, [groups, features, -1])
  const indices = sourcesOf(node, windowOf(node, input, output, kernel))
  const size = elementCount(input)
  const patches = gatherPatches(emitter, data, channels, size, indices, [kernelSize, outputSize])
  const columns = emitter.reshape(patches, [groups, (channels / groups) * kernelSize, -1])
  const product = emitter.node('MatMul', [weights, columns])
  addBias(node, emitter, product, [groups * features, ...output])
  return entries
}

/** Kernel entries x output places: the place in the input that reaches the output through the entry; its size for none. */
function sourcesOf(node: NodeProto, window: Window): Int32Array {
  const { input, output, kernel, strides, dilations } = window
  const begins = beginsOf(node, window)
  const [kernelSize, outputSize] = [elementCount(kernel), elementCount(output)]
  const sources = new Int32Array(kernelSize * outputSize)
  let [kernelBelow, outputBelow] = [kernelSize, outputSize]
  // Axis by axis: a source so far is the row that it lies in; it stays -1 once an axis has none.
  input.forEach((size, axis) => {
    kernelBelow /= kernel[axis]
    outputBelow /= output[axis]
    for (let i = 0; i < sources.length; i++) {
      const k = Math.floor(Math.floor(i / outputSize) / kernelBelow) % kernel[axis]
      const p = Math.floor((i % outputSize) / outputBelow) % output[axis]
      const at = (p + begins[axis] - k * dilations[axis]) / strides[axis]
      const none = !Number.isInteger(at) || at < 0 || at >= size || sources[i] < 0
      sources[i] = none ? -1 : sources[i] * size + at
    }
  })
  const size = elementCount(input)
  return sources.map((place) => (place < 0 ? size : place))
}

/**
 * What is cut off in front of each axis: the pads, but where the shape of the output is given, or to be the input's
 * times the strides, what is too much (ONNX operator specification, `output_shape` and `auto_pad`).
 */
function beginsOf(
  node: NodeProto,
  { input, output, kernel, strides, dilations, begins }: Window,
): readonly number[] {
  const automatic = stringAttribute(node, 'auto_pad', 'NOTSET')
  const isSame = automatic === 'SAME_UPPER' || automatic === 'SAME_LOWER'
  if (!isSame && intsAttribute(node, 'output_shape') === undefined) return begins
  const more = intsAttribute(node, 'output_padding') ?? input.map(() => 0)
  return input.map((size, axis) => {
    const whole = strides[axis] * (size - 1) + more[axis] + (kernel[axis] - 1) * dilations[axis] + 1
    const cut = Math.max(0, whole - output[axis])
    return automatic === 'SAME_UPPER' ? Math.floor(cut / 2) : Math.ceil(cut / 2)
  })
}
