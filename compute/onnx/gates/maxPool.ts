import type { NodeProto } from 'onnx-buf'
import type { Windows } from '../../gates/pieces.ts'
import { intsAttribute } from '../attributes.ts'
import { MAX_WINDOW_ENTRIES, tooLarge } from '../limits.ts'
import { describeNode } from '../node.ts'
import { elementCount } from '../../shape.ts'
import { placesOf, windowOf } from '../window.ts'
import { refusedGate, type ReadGate } from './read.ts'

/**
 * The windows of a MaxPool over [batch, channels, axes…]; a window of one entry is no gate. What the shape of the
 * output settles (ceil_mode, auto_pad's sizes) is taken from it.
 */
export const maxPool: ReadGate = (node) => {
  if (node.output.length > 1 && node.output[1] !== '') {
    throw refusedGate(node, 'puts out indices as well. Export the network without them.')
  }
  const kernel = intsAttribute(node, 'kernel_shape') ?? []
  if (elementCount(kernel) === 1) return null
  // A network that takes one sample a run may have a batch axis of 1 here.
  const sample = (shape: readonly number[]) =>
    shape.length === kernel.length + 2 && shape[0] === 1 ? shape.slice(1) : shape
  return (input, output) => windowsOf(node, kernel, sample(input), sample(output))
}

/** A window over all places of each channel: that of a MaxPool whose kernel is the whole map. */
export const globalMaxPool: ReadGate = (node) => (input, output) => {
  // As above; a batch axis of 1 before one channel makes no difference.
  const isBatched = input[0] === 1 && input[1] === output[1]
  const sample = (shape: readonly number[]) => (isBatched ? shape.slice(1) : shape)
  const kernel = sample(input).slice(1)
  if (elementCount(kernel) === 1) {
    throw refusedGate(node, 'pools one place alone. Export the network without it.')
  }
  return windowsOf(node, kernel, sample(input), sample(output))
}

function windowsOf(
  node: NodeProto,
  kernel: readonly number[],
  input: readonly number[],
  output: readonly number[],
): Windows {
  const [units, ...sizes] = input
  const spots = output.slice(1)
  if (sizes.length !== kernel.length || output.length !== input.length) {
    throw refusedGate(
      node,
      `pools a tensor of shape [batch, ${input.join(', ')}] by windows of ${kernel.length} axes. Export the network ` +
        'with a batch axis, a channel axis and as many axes as its windows have.',
    )
  }
  const count = units * elementCount(spots) * elementCount(kernel)
  if (count > MAX_WINDOW_ENTRIES) {
    throw tooLarge(
      `The windows of the ${describeNode(node)} have ${count} entries`,
      `${MAX_WINDOW_ENTRIES}`,
      'Export the network for smaller samples, or with smaller windows',
    )
  }
  const { places, kernelSize, outputSize } = placesOf(windowOf(node, sizes, spots, kernel))
  const channel = elementCount(sizes)
  const entries = new Int32Array(outputSize * units * kernelSize)
  let at = 0
  for (let position = 0; position < outputSize; position++) {
    for (let unit = 0; unit < units; unit++) {
      for (let entry = 0; entry < kernelSize; entry++) {
        const inner = places[entry * outputSize + position]
        entries[at++] = inner < 0 ? -1 : unit * channel + inner
      }
    }
  }
  return {
    kind: 'WINDOWS',
    units,
    positions: outputSize,
    window: kernelSize,
    entries,
    inputSize: units * channel,
    shape: [...output],
  }
}
