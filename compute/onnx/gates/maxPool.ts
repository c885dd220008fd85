import type { NodeProto } from 'onnx-buf'
import type { Windows } from '../../gates/pieces.ts'
import { integersAttribute, refusedGate, type ReadGate } from './read.ts'

/**
 * The windows of a MaxPool over [batch, channels, axes…]; a window of one entry is no gate. What the shape of the
 * output settles (ceil_mode, auto_pad's sizes) is taken from it.
 */
export const maxPool: ReadGate = (node) => {
  if (node.output.length > 1 && node.output[1] !== '') {
    throw refusedGate(node, 'puts out indices as well. Export the network without them.')
  }
  const kernel = integersAttribute(node, 'kernel_shape') ?? []
  const window = kernel.reduce((product, size) => product * size, 1)
  if (window === 1) return null
  // A network that takes one sample a run may have a batch axis of 1 here.
  const sample = (shape: readonly number[]) =>
    shape.length === kernel.length + 2 && shape[0] === 1 ? shape.slice(1) : shape
  return (input, output) => windowsOf(node, kernel, sample(input), sample(output))
}

function windowsOf(
  node: NodeProto,
  kernel: readonly number[],
  input: readonly number[],
  output: readonly number[],
): Windows {
  const [units, ...sizes] = input
  const places = output.slice(1)
  if (sizes.length !== kernel.length || output.length !== input.length) {
    throw refusedGate(
      node,
      `pools a tensor of shape [batch, ${input.join(', ')}] by windows of ${kernel.length} axes. Export the network ` +
        'with a batch axis, a channel axis and as many axes as its windows have.',
    )
  }
  const axes = kernel.map((size, axis) => axisWindows(node, axis, size, sizes[axis], places[axis]))
  const window = kernel.reduce((product, size) => product * size, 1)
  const positions = places.reduce((product, size) => product * size, 1)
  const channel = sizes.reduce((product, size) => product * size, 1)
  const entries = new Int32Array(positions * units * window)
  let at = 0
  for (let position = 0; position < positions; position++) {
    const place = digits(position, places)
    for (let unit = 0; unit < units; unit++) {
      for (let entry = 0; entry < window; entry++) {
        const inner = placeOf(axes, place, digits(entry, kernel), sizes)
        entries[at++] = inner < 0 ? -1 : unit * channel + inner
      }
    }
  }
  return {
    kind: 'WINDOWS',
    units,
    positions,
    window,
    entries,
    inputSize: units * channel,
    shape: [...output],
  }
}

/** Where the windows lie along one axis. */
interface AxisWindows {
  stride: number
  dilation: number
  /** Padding before the first entry. */
  before: number
}

function axisWindows(
  node: NodeProto,
  axis: number,
  kernel: number,
  size: number,
  count: number,
): AxisWindows {
  const stride = integersAttribute(node, 'strides')?.[axis] ?? 1
  const dilation = integersAttribute(node, 'dilations')?.[axis] ?? 1
  const mode = node.attribute.find(({ name }) => name === 'auto_pad')?.s
  const autoPad = mode ? new TextDecoder().decode(mode) : 'NOTSET'
  if (autoPad === 'NOTSET' || autoPad === '') {
    return { stride, dilation, before: integersAttribute(node, 'pads')?.[axis] ?? 0 }
  }
  const total = Math.max(0, (count - 1) * stride + (kernel - 1) * dilation + 1 - size)
  const before = { SAME_UPPER: Math.floor(total / 2), SAME_LOWER: Math.ceil(total / 2), VALID: 0 }[autoPad]
  if (before === undefined)
    throw refusedGate(node, `has an auto_pad "${autoPad}" that is not of the standard.`)
  return { stride, dilation, before }
}

/** Row-major coordinates of a place. */
function digits(place: number, sizes: readonly number[]): number[] {
  let rest = place
  return sizes
    .toReversed()
    .map((size) => {
      const digit = rest % size
      rest = Math.floor(rest / size)
      return digit
    })
    .reverse()
}

/** Place of a window's entry in its channel, -1 in the padding. */
function placeOf(
  axes: readonly AxisWindows[],
  place: readonly number[],
  entry: readonly number[],
  sizes: readonly number[],
): number {
  return axes.reduce((inner, { stride, dilation, before }, axis) => {
    const at = place[axis] * stride + entry[axis] * dilation - before
    return inner < 0 || at < 0 || at >= sizes[axis] ? -1 : inner * sizes[axis] + at
  }, 0)
}
