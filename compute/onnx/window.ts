import type { NodeProto } from 'onnx-buf'
import { intsAttribute, stringAttribute } from './attributes.ts'
import { elementCount } from '../shape.ts'

/** A window that slides over the spatial axes of a tensor; one entry an axis in each list. */
export interface Window {
  readonly input: readonly number[]
  readonly output: readonly number[]
  readonly kernel: readonly number[]
  readonly strides: readonly number[]
  readonly dilations: readonly number[]
  /** Padding in front of each axis. */
  readonly begins: readonly number[]
  /** Padding behind each axis. */
  readonly ends: readonly number[]
}

/** Where the entries of each window lie. */
export interface WindowPlaces {
  /** kernel entries x output places: the place in the input, row-major over its axes; -1 in the padding. */
  readonly places: Int32Array
  /** Kernel entries x output places: 1 in the input and in the padding, 0 beyond, where the last window may reach. */
  readonly padded: Uint8Array
  readonly kernelSize: number
  readonly outputSize: number
}

/**
 * The window of a Conv, AveragePool or MaxPool (ONNX operator specification, `pads` and `auto_pad`).
 * @param input, output sizes of the spatial axes
 */
export function windowOf(
  node: NodeProto,
  input: readonly number[],
  output: readonly number[],
  kernel: readonly number[],
): Window {
  const ones = kernel.map(() => 1)
  const strides = intsAttribute(node, 'strides') ?? ones
  const dilations = intsAttribute(node, 'dilations') ?? ones
  const window = { input, output, kernel, strides, dilations }
  return { ...window, ...paddingOf(node, window) }
}

function paddingOf(
  node: NodeProto,
  { input, output, kernel, strides, dilations }: Omit<Window, 'begins' | 'ends'>,
): Pick<Window, 'begins' | 'ends'> {
  const automatic = stringAttribute(node, 'auto_pad', 'NOTSET')
  if (automatic === 'SAME_UPPER' || automatic === 'SAME_LOWER') {
    const totals = input.map((size, axis) => {
      const reach = (output[axis] - 1) * strides[axis] + (kernel[axis] - 1) * dilations[axis] + 1
      return Math.max(0, reach - size)
    })
    const less = totals.map((total) => Math.floor(total / 2))
    const more = totals.map((total) => Math.ceil(total / 2))
    return automatic === 'SAME_UPPER' ? { begins: less, ends: more } : { begins: more, ends: less }
  }
  const given = automatic === 'VALID' ? undefined : intsAttribute(node, 'pads')
  const pads = given ?? input.flatMap(() => [0, 0])
  return { begins: pads.slice(0, input.length), ends: pads.slice(input.length) }
}

/** Where the entries of each window lie, kernel entries and output places row-major over their axes. */
export function placesOf(window: Window): WindowPlaces {
  const { input, output, kernel, strides, dilations, begins, ends } = window
  const kernelSize = elementCount(kernel)
  const outputSize = elementCount(output)
  const places = new Int32Array(kernelSize * outputSize)
  const padded = new Uint8Array(kernelSize * outputSize).fill(1)
  // Axis by axis: an entry's place so far is the row that it lies in; it stays -1 once an axis leaves the input.
  let kernelBelow = kernelSize
  let outputBelow = outputSize
  input.forEach((size, axis) => {
    kernelBelow /= kernel[axis]
    outputBelow /= output[axis]
    for (let k = 0; k < kernelSize; k++) {
      const offset = (Math.floor(k / kernelBelow) % kernel[axis]) * dilations[axis] - begins[axis]
      for (let p = 0; p < outputSize; p++) {
        const at = (Math.floor(p / outputBelow) % output[axis]) * strides[axis] + offset
        const i = k * outputSize + p
        places[i] = at < 0 || at >= size || places[i] < 0 ? -1 : places[i] * size + at
        if (at >= size + ends[axis]) padded[i] = 0
      }
    }
  })
  return { places, padded, kernelSize, outputSize }
}
