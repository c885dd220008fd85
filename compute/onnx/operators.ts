import { BATCH_STATISTICS, OTHER_TYPE, RANDOM_DROPOUT, type Refusal } from './refusals.ts'

/**
 * What an operator does to the network's map:
 * - `gate`: a non-linearity whose pre-activation decides bits of the code; its node is a layer.
 * - `affine`: an affine map of its inputs; `factors` are the two operands it multiplies, if it multiplies any
 *   (when both depend on the network's input the product is not affine).
 * - `structural`: moves values without changing them.
 */
export type Operator =
  | { readonly role: 'gate'; readonly threshold: number; readonly exact: boolean }
  | ({ readonly role: 'affine'; readonly factors?: readonly [number, number] } & Conditions)
  | ({ readonly role: 'structural' } & Conditions)

/** When an operator that is no gate is affine, and supported. */
interface Conditions {
  /** Operands that must not depend on the network's input, or its map is not affine. */
  readonly constants?: readonly number[]
  readonly refusal?: Refusal
}

/**
 * Every operator of the ONNX standard domain that the atlas supports, by `op_type`. A gate's pre-activation is
 * its first input; its bit is set where the pre-activation is greater than `threshold`. `exact` is true where
 * the gate is piecewise affine and its bits name the piece.
 */
export const OPERATORS: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ['Relu', { role: 'gate', threshold: 0, exact: true }],
  ['LeakyRelu', { role: 'gate', threshold: 0, exact: true }],
  ['MatMul', { role: 'affine', factors: [0, 1] }],
  ['Gemm', { role: 'affine', factors: [0, 1] }],
  ['Add', { role: 'affine' }],
  ['Sub', { role: 'affine' }],
  ['AveragePool', { role: 'affine' }],
  ['BatchNormalization', { role: 'affine', constants: [1, 2, 3, 4], refusal: BATCH_STATISTICS }],
  ['Conv', { role: 'affine', factors: [0, 1] }],
  ['Div', { role: 'affine', constants: [1] }],
  ['GlobalAveragePool', { role: 'affine' }],
  ['Mul', { role: 'affine', factors: [0, 1] }],
  ['Neg', { role: 'affine' }],
  ['ReduceMean', { role: 'affine', constants: [1] }],
  ['ReduceSum', { role: 'affine', constants: [1] }],
  ['Sum', { role: 'affine' }],
  ['Cast', { role: 'structural', refusal: OTHER_TYPE }],
  ['Concat', { role: 'structural' }],
  ['Constant', { role: 'structural' }],
  ['Dropout', { role: 'structural', refusal: RANDOM_DROPOUT }],
  ['Flatten', { role: 'structural' }],
  ['Gather', { role: 'structural', constants: [1] }],
  ['Identity', { role: 'structural' }],
  ['Pad', { role: 'structural', constants: [1, 3] }],
  ['Reshape', { role: 'structural', constants: [1] }],
  ['Slice', { role: 'structural', constants: [1, 2, 3, 4] }],
  ['Split', { role: 'structural', constants: [1] }],
  ['Squeeze', { role: 'structural', constants: [1] }],
  ['Transpose', { role: 'structural' }],
  ['Unsqueeze', { role: 'structural', constants: [1] }],
])
