/**
 * What an operator does to the network's map:
 * - `gate`: a non-linearity whose pre-activation decides bits of the code; its node is a layer.
 * - `affine`: an affine map of its inputs; `factors` are the two operands it multiplies, if it multiplies any
 *   (when both depend on the network's input the product is not affine).
 * - `structural`: moves values without changing them.
 */
export type Operator =
  | { readonly role: 'gate'; readonly threshold: number; readonly exact: boolean }
  | { readonly role: 'affine'; readonly factors?: readonly [number, number] }
  | { readonly role: 'structural' }

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
  ['Constant', { role: 'structural' }],
  ['Flatten', { role: 'structural' }],
  ['Identity', { role: 'structural' }],
  ['Reshape', { role: 'structural' }],
])
