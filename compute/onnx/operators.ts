import * as gates from './gates/index.ts'
import type { ReadGate } from './gates/index.ts'

/**
 * What an operator does to the network's map:
 * - `gate`: a non-linearity whose pre-activation decides bits of the code; its node is a layer. `read` describes its
 *   pieces, see `GatePieces`; `exact` is true where these are affine. The pre-activation is the first input, or
 *   where the gate compares two tensors, the first less the second.
 * - `affine`: an affine map of its inputs; `factors` are the two operands it multiplies, if it multiplies any
 *   (when both depend on the network's input the product is not affine).
 * - `structural`: moves values without changing them.
 */
export type Operator =
  | { readonly role: 'gate'; readonly exact: boolean; readonly read: ReadGate; readonly compares?: true }
  | { readonly role: 'affine'; readonly factors?: readonly [number, number] }
  | { readonly role: 'structural' }

/** Every operator of the ONNX standard domain that the atlas supports, by `op_type`. */
export const OPERATORS: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ['Relu', { role: 'gate', exact: true, read: gates.relu }],
  ['LeakyRelu', { role: 'gate', exact: true, read: gates.leakyRelu }],
  ['PRelu', { role: 'gate', exact: true, read: gates.pRelu }],
  ['ThresholdedRelu', { role: 'gate', exact: true, read: gates.thresholdedRelu }],
  ['Abs', { role: 'gate', exact: true, read: gates.abs }],
  ['Clip', { role: 'gate', exact: true, read: gates.clip }],
  ['HardSigmoid', { role: 'gate', exact: true, read: gates.hardSigmoid }],
  ['HardSwish', { role: 'gate', exact: false, read: gates.hardSwish }],
  ['Max', { role: 'gate', exact: true, read: gates.relu, compares: true }],
  ['Min', { role: 'gate', exact: true, read: gates.relu, compares: true }],
  ['MaxPool', { role: 'gate', exact: true, read: gates.maxPool }],
  ['MatMul', { role: 'affine', factors: [0, 1] }],
  ['Gemm', { role: 'affine', factors: [0, 1] }],
  ['Add', { role: 'affine' }],
  ['Sub', { role: 'affine' }],
  ['Constant', { role: 'structural' }],
  ['Flatten', { role: 'structural' }],
  ['Identity', { role: 'structural' }],
  ['Reshape', { role: 'structural' }],
])
