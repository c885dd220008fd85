import type { NodeProto } from 'onnx-buf'
import { attributeOf, floatAttribute, intAttribute, intsAttribute, stringAttribute } from '../attributes.ts'
import { int64Values, type Constants } from '../constants.ts'
import { elementCount } from '../../shape.ts'
import { floatValues } from '../tensors.ts'
import type { Emitter } from './emitter.ts'
import { nearestPlaces, weightsOf, type Interpolation, type ResizedAxis } from './interpolation.ts'
import type { Lowering } from './lowering.ts'

/**
 * A Resize (Upsample, as it was called before operator set 10) axis by axis: `nearest` gathers places, the others
 * multiply them by a matrix of weights.
 */
export const lowerResize: Lowering = (node, emitter, shapeOf, constants) => {
  const [data] = node.input
  const input = shapeOf(data)
  const output = shapeOf(node.output[0])
  const axes = resizedAxes(node, emitter.opset, input, output, constants)
  const how = interpolationOf(node, emitter.opset)
  const shape = [...input]
  let current = data
  let largest = 0
  axes.forEach((resized, axis) => {
    if (resized.scale === 1) return
    current = resizeAxis(emitter, current, elementCount(shape.slice(axis + 1)), resized, how)
    shape[axis] = resized.output
    largest = Math.max(largest, elementCount(shape))
  })
  emitter.reshape(current, [-1, ...output.slice(1)], node.output[0])
  return largest
}

/** Resizes one axis of a tensor, behind which there are `inner` elements. */
function resizeAxis(
  emitter: Emitter,
  data: string,
  inner: number,
  axis: ResizedAxis,
  how: Interpolation,
): string {
  const { input, output } = axis
  if (how.mode === 'nearest') {
    const places = emitter.integers(nearestPlaces(axis, how), [output])
    return emitter.node('Gather', [emitter.reshape(data, [-1, input, inner]), places], { axis: 1 })
  }
  const weights = emitter.doubles(weightsOf(axis, how), [output, input])
  if (inner > 1) return emitter.node('MatMul', [weights, emitter.reshape(data, [-1, input, inner])])
  // One product of all rows, where the other way round it would be one a row.
  const turned = emitter.node('Transpose', [weights], { perm: [1, 0] })
  return emitter.node('MatMul', [emitter.reshape(data, [-1, input]), turned])
}

/** Every axis of the data with its scale; 1 copies it. */
function resizedAxes(
  node: NodeProto,
  opset: number,
  input: readonly number[],
  output: readonly number[],
  constants: Constants,
): ResizedAxis[] {
  const isCopy = input.every((size, axis) => size === output[axis])
  const scales = scalesOf(node, opset, input, output, constants)
  // ONNX Runtime copies what keeps its shape, whatever the scales.
  return input.map((size, axis) => ({ input: size, output: output[axis], scale: isCopy ? 1 : scales[axis] }))
}

function scalesOf(
  node: NodeProto,
  opset: number,
  input: readonly number[],
  output: readonly number[],
  constants: Constants,
): readonly number[] {
  const axes = axesOf(node, input.length)
  const atAxes = (values: readonly number[]) =>
    input.map((_, axis) => (axes.includes(axis) ? values[axes.indexOf(axis)] : 1))
  const operand = constants.get(node.input[opset < 11 ? 1 : 2] ?? '')
  const given = operand ? Array.from(floatValues(operand)) : (attributeOf(node, 'scales')?.floats ?? [])
  if (given.length > 0) return atAxes(given)
  const policy = stringAttribute(node, 'keep_aspect_ratio_policy', 'stretch')
  if (policy === 'stretch') return input.map((size, axis) => Math.fround(output[axis] / size))
  // The sizes are wishes: all axes get the one scale that comes nearest to them.
  const sizes = constants.get(node.input[3])
  const wished = (sizes ? int64Values(sizes) : []).map((size, i) =>
    Math.fround(Number(size) / input[axes[i]]),
  )
  const scale = policy === 'not_larger' ? Math.min(...wished) : Math.max(...wished)
  return atAxes(axes.map(() => scale))
}

/** The axes that `scales` and `sizes` speak of; all where it is left out. */
function axesOf(node: NodeProto, rank: number): readonly number[] {
  const axes = intsAttribute(node, 'axes') ?? []
  if (axes.length === 0) return Array.from({ length: rank }, (_, axis) => axis)
  return axes.map((axis) => (axis < 0 ? axis + rank : axis))
}

function interpolationOf(node: NodeProto, opset: number): Interpolation {
  const isOld = opset < 11
  return {
    mode: stringAttribute(node, 'mode', 'nearest'),
    coordinates: isOld ? 'asymmetric' : stringAttribute(node, 'coordinate_transformation_mode', 'half_pixel'),
    rounding: isOld ? 'simple' : stringAttribute(node, 'nearest_mode', 'round_prefer_floor'),
    cubicCoefficient: floatAttribute(node, 'cubic_coeff_a', -0.75),
    excludeOutside: intAttribute(node, 'exclude_outside', 0) === 1,
  }
}
