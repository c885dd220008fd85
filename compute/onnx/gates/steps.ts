import type { NodeProto } from 'onnx-buf'
import type { Piece, Steps } from '../../gates/pieces.ts'
import { floatAttribute } from '../attributes.ts'
import type { Constants } from '../constants.ts'
import { elementCount } from '../../shape.ts'
import { floatValues } from '../tensors.ts'
import { refusedGate, type PiecesOf, type ReadGate } from './read.ts'

/** Float32's largest value: bounds of a Clip from there on bound nothing. */
const UNBOUNDED = 3.4028234e38

const IDENTITY: Piece = { slope: 1, offset: 0 }

function constant(offset: number): Piece {
  return { slope: 0, offset }
}

function steps(thresholds: readonly number[], pieces: Steps['pieces']): PiecesOf {
  return () => ({ kind: 'STEPS', thresholds, pieces })
}

export const relu: ReadGate = () => steps([0], [constant(0), IDENTITY])

export const leakyRelu: ReadGate = (node) =>
  steps([0], [{ slope: floatAttribute(node, 'alpha', Math.fround(0.01)), offset: 0 }, IDENTITY])

export const thresholdedRelu: ReadGate = (node) =>
  steps([floatAttribute(node, 'alpha', 1)], [constant(0), IDENTITY])

export const abs: ReadGate = () => steps([0], [{ slope: -1, offset: 0 }, IDENTITY])

/** The slopes are the second input: one, or one an element as far as they are not broadcast. */
export const pRelu: ReadGate = (node, constants) => {
  const tensor = constants.get(node.input[1])
  if (!tensor) {
    throw refusedGate(
      node,
      'has slopes that are computed. Export the network with its slopes as an initializer.',
    )
  }
  const values = floatValues(tensor)
  const dims = tensor.dims.map(Number)
  return (input) => {
    const slope = values.length === 1 ? values[0] : broadcast(values, dims, input, node)
    return { kind: 'STEPS', thresholds: [0], pieces: [{ slope, offset: 0 }, IDENTITY] }
  }
}

/** A tensor at every element of a sample, whose axes are the last ones of the batch. */
function broadcast(
  values: ArrayLike<number>,
  dims: readonly number[],
  shape: readonly number[],
  node: NodeProto,
): Float64Array {
  const own = dims.slice(Math.max(0, dims.length - shape.length))
  const sizes = [...shape.slice(own.length).map(() => 1), ...own]
  const fits = sizes.every((size, axis) => size === 1 || size === shape[axis])
  if (!fits || values.length !== elementCount(own)) {
    throw refusedGate(
      node,
      `has slopes of shape [${dims.join(', ')}] for a tensor of shape [batch, ${shape.join(', ')}], which differ ` +
        'between samples or do not fit. Export the network with slopes for each channel or element.',
    )
  }
  return Float64Array.from({ length: elementCount(shape) }, (_, element) => {
    let [rest, place, stride] = [element, 0, 1]
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      if (sizes[axis] > 1) place += stride * (rest % shape[axis])
      stride *= sizes[axis]
      rest = Math.floor(rest / shape[axis])
    }
    return values[place]
  })
}

/** Its bounds are inputs, before opset 11 attributes; one that is absent, or as large as float32 goes, is none. */
export const clip: ReadGate = (node, constants) => {
  const low = clipBound(node, constants, 1, 'min', -Infinity)
  const high = clipBound(node, constants, 2, 'max', Infinity)
  if (low > high) {
    throw refusedGate(node, `clips to [${low}, ${high}], which is empty. Export the network with min <= max.`)
  }
  const bounds = [low, high].filter((bound) => Math.abs(bound) < UNBOUNDED)
  if (bounds.length === 0) return null
  const below = low > -UNBOUNDED ? [constant(low)] : []
  const above = high < UNBOUNDED ? [constant(high)] : []
  return steps(bounds, [...below, IDENTITY, ...above])
}

function clipBound(
  node: NodeProto,
  constants: Constants,
  input: number,
  attribute: string,
  byDefault: number,
): number {
  const name = node.input[input]
  if (!name) return floatAttribute(node, attribute, byDefault)
  const tensor = constants.get(name)
  const [value] = tensor ? Array.from(floatValues(tensor)) : []
  if (value === undefined || Number.isNaN(value)) {
    throw refusedGate(node, `has a ${attribute} that is computed. Export the network with constant bounds.`)
  }
  return value
}

/** max(0, min(1, alpha x + beta)): its thresholds are where the line meets 0 and 1. */
export const hardSigmoid: ReadGate = (node) => {
  const alpha = floatAttribute(node, 'alpha', Math.fround(0.2))
  const beta = floatAttribute(node, 'beta', 0.5)
  if (alpha === 0) {
    throw refusedGate(node, 'has an alpha of 0, so that it is constant. Export the network without it.')
  }
  const thresholds = [-beta / alpha, (1 - beta) / alpha]
  const pieces = [constant(0), { slope: alpha, offset: beta }, constant(1)]
  return alpha > 0 ? steps(thresholds, pieces) : steps(thresholds.reverse(), pieces.reverse())
}

/** Any smooth gate that turns at 0. */
export const smooth: ReadGate = () => steps([0], null)

/** x max(0, min(1, x / 6 + 1 / 2)): a parabola between its thresholds. */
export const hardSwish: ReadGate = () => steps([-3, 3], null)
