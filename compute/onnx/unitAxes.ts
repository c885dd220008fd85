import type { NodeProto } from 'onnx-buf'
import { axesOf, intAttribute, intsAttribute } from './attributes.ts'
import type { Constants } from './constants.ts'

/**
 * Which axis of a tensor holds its channels, counted from the front with the batch; undefined: the last. A graph does
 * not say it, but its operators do: a convolution puts channels on axis 1, a matrix product on the last.
 */
export type UnitAxis = number | undefined

/**
 * The channel axis of what a node computes. Negative `axes` are taken to lie behind it, where channels come first.
 *
 * @param operand the channel axis of its operand: of several that depend on the input, the first that is not the last
 */
export function unitAxisAfter(node: NodeProto, operand: UnitAxis, constants: Constants): UnitAxis {
  const rule = RULES.get(node.opType)
  return rule ? rule(node, operand, constants) : operand
}

type Rule = (node: NodeProto, operand: UnitAxis, constants: Constants) => UnitAxis

const channelsSecond: Rule = () => 1

const channelsLast: Rule = () => undefined

const transposed: Rule = (node, operand) => {
  const order = intsAttribute(node, 'perm')
  if (order === undefined) return operand
  const last = order.length - 1
  const axis = order.indexOf(operand ?? last)
  return axis === last || axis < 0 ? undefined : axis
}

const squeezed: Rule = (node, operand, constants) => without(operand, axesOf(node, constants) ?? [])

const unsqueezed: Rule = (node, operand, constants) => {
  if (operand === undefined) return undefined
  const added = new Set(axesOf(node, constants))
  let axis = 0
  for (let before = 0; before < operand || added.has(axis); axis++) if (!added.has(axis)) before++
  return axis
}

const reduced: Rule = (node, operand, constants) =>
  intAttribute(node, 'keepdims', 1) === 1 ? operand : without(operand, axesOf(node, constants) ?? [])

const gathered: Rule = (node, operand, constants) => {
  const axis = intAttribute(node, 'axis', 0)
  const places = constants.get(node.input[1])?.dims.length ?? 1
  if (operand === undefined || axis < 0 || axis > operand) return operand
  if (axis === operand) return places === 0 ? undefined : operand
  return operand + places - 1
}

/** The axis once others are gone; the last where it is gone itself. */
function without(axis: UnitAxis, gone: readonly number[]): UnitAxis {
  if (axis === undefined || gone.includes(axis)) return undefined
  return axis - gone.filter((other) => other >= 0 && other < axis).length
}

/** Operators that set or move the channel axis; all others leave it where it is. */
const RULES: ReadonlyMap<string, Rule> = new Map([
  ['AveragePool', channelsSecond],
  ['BatchNormalization', channelsSecond],
  ['Conv', channelsSecond],
  ['ConvTranspose', channelsSecond],
  ['GlobalAveragePool', channelsSecond],
  ['GlobalMaxPool', channelsSecond],
  ['GroupNormalization', channelsSecond],
  ['InstanceNormalization', channelsSecond],
  ['MaxPool', channelsSecond],
  ['Flatten', channelsLast],
  ['Gemm', channelsLast],
  ['MatMul', channelsLast],
  ['Reshape', channelsLast],
  ['Gather', gathered],
  ['ReduceMean', reduced],
  ['ReduceSum', reduced],
  ['Squeeze', squeezed],
  ['Transpose', transposed],
  ['Unsqueeze', unsqueezed],
])
