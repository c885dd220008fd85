import * as gates from './gates/index.ts'
import type { ReadGate } from './gates/index.ts'
import {
  BATCH_STATISTICS,
  CROPS_OR_SMOOTHS,
  MANY_OPERANDS,
  OTHER_TYPE,
  RANDOM_DROPOUT,
  type Refusal,
} from './refusals.ts'

/**
 * What an operator does to the network's map:
 * - `gate`: a non-linearity whose pre-activation decides bits of the code; its node is a layer. `read` describes its
 *   pieces, see `GatePieces`; `exact` is true where these are affine. The pre-activation is the first input, or
 *   where the gate compares two tensors, the first less the second.
 * - `affine`: an affine map of its inputs; `factors` are the two operands it multiplies, if it multiplies any
 *   (when both depend on the network's input the product is not affine).
 * - `structural`: moves values without changing them;
 * - `static`: computes with constants and shapes, of which `reads: 'SHAPE'` takes those of any tensor;
 * - `curved`: neither; no layer, but what comes after it is not affine in the network's input.
 */
export type Operator =
  | Gate
  | ({ readonly role: 'affine'; readonly factors?: readonly [number, number] } & Conditions)
  | ({ readonly role: 'structural' } & Conditions)
  | { readonly role: 'curved' }
  | { readonly role: 'static'; readonly reads?: 'SHAPE' }

interface Gate {
  readonly role: 'gate'
  /** What its bits say of its pre-activation x, for people. */
  readonly bits: string
  readonly exact: boolean
  readonly read: ReadGate
  readonly compares?: true
  /** Its output has another shape than its pre-activation. */
  readonly pools?: true
}

/** When an operator that is no gate is affine, and supported. */
interface Conditions {
  /** Operands that must not depend on the network's input, or its map is not affine. */
  readonly constants?: readonly number[]
  /** A form that is affine, but not taken as such: codes alone. */
  readonly untaken?: Refusal
  readonly refusal?: Refusal
}

const POOLED = "the winner's place in its window"

/** Every operator of the ONNX standard domain that the atlas supports, by `op_type`. */
export const OPERATORS: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ['Relu', { role: 'gate', bits: 'x > 0', exact: true, read: gates.relu }],
  ['LeakyRelu', { role: 'gate', bits: 'x > 0', exact: true, read: gates.leakyRelu }],
  ['PRelu', { role: 'gate', bits: 'x > 0', exact: true, read: gates.pRelu }],
  ['ThresholdedRelu', { role: 'gate', bits: 'x > alpha', exact: true, read: gates.thresholdedRelu }],
  ['Abs', { role: 'gate', bits: 'x > 0', exact: true, read: gates.abs }],
  ['Clip', { role: 'gate', bits: 'x > min, x > max', exact: true, read: gates.clip }],
  ['HardSigmoid', { role: 'gate', bits: 'alpha x + beta > 0, > 1', exact: true, read: gates.hardSigmoid }],
  ['HardSwish', { role: 'gate', bits: 'x > -3, x > 3', exact: false, read: gates.hardSwish }],
  ['Celu', { role: 'gate', bits: 'x > 0', exact: false, read: gates.smooth }],
  ['Elu', { role: 'gate', bits: 'x > 0', exact: false, read: gates.smooth }],
  // With the sign of x: in Gelu's subgraph x is the gate's input over a positive constant.
  ['Erf', { role: 'gate', bits: 'x > 0', exact: false, read: gates.smooth }],
  ['Gelu', { role: 'gate', bits: 'x > 0', exact: false, read: gates.smooth }],
  ['Mish', { role: 'gate', bits: 'x > 0', exact: false, read: gates.smooth }],
  ['Selu', { role: 'gate', bits: 'x > 0', exact: false, read: gates.smooth }],
  ['Sigmoid', { role: 'gate', bits: 'x > 0', exact: false, read: gates.smooth }],
  ['Softplus', { role: 'gate', bits: 'x > 0', exact: false, read: gates.smooth }],
  ['Tanh', { role: 'gate', bits: 'x > 0', exact: false, read: gates.smooth }],
  ['Max', { role: 'gate', bits: 'first > second', exact: true, read: gates.relu, compares: true }],
  ['Min', { role: 'gate', bits: 'first > second', exact: true, read: gates.relu, compares: true }],
  ['GlobalMaxPool', { role: 'gate', bits: POOLED, exact: true, read: gates.globalMaxPool, pools: true }],
  ['MaxPool', { role: 'gate', bits: POOLED, exact: true, read: gates.maxPool, pools: true }],
  ['MatMul', { role: 'affine', factors: [0, 1] }],
  ['Gemm', { role: 'affine', factors: [0, 1] }],
  ['Add', { role: 'affine' }],
  ['Sub', { role: 'affine' }],
  ['AveragePool', { role: 'affine' }],
  ['BatchNormalization', { role: 'affine', constants: [1, 2, 3, 4], refusal: BATCH_STATISTICS }],
  ['Conv', { role: 'affine', factors: [0, 1] }],
  ['ConvTranspose', { role: 'affine', factors: [0, 1] }],
  ['DequantizeLinear', { role: 'affine', constants: [1, 2] }],
  ['Div', { role: 'affine', constants: [1] }],
  ['Einsum', { role: 'affine', factors: [0, 1], refusal: MANY_OPERANDS }],
  ['GlobalAveragePool', { role: 'affine' }],
  ['Mul', { role: 'affine', factors: [0, 1] }],
  ['Neg', { role: 'affine' }],
  ['ReduceMean', { role: 'affine', constants: [1] }],
  ['ReduceSum', { role: 'affine', constants: [1] }],
  ['Resize', { role: 'affine', constants: [1, 2, 3], untaken: CROPS_OR_SMOOTHS }],
  ['Sum', { role: 'affine' }],
  ['Upsample', { role: 'affine', constants: [1] }],
  ['Cast', { role: 'structural', refusal: OTHER_TYPE }],
  ['Concat', { role: 'structural' }],
  ['Constant', { role: 'structural' }],
  ['Dropout', { role: 'structural', refusal: RANDOM_DROPOUT }],
  ['Expand', { role: 'structural', constants: [1] }],
  ['Flatten', { role: 'structural' }],
  ['Gather', { role: 'structural', constants: [1] }],
  ['Identity', { role: 'structural' }],
  ['Pad', { role: 'structural', constants: [1, 3] }],
  ['Reshape', { role: 'structural', constants: [1] }],
  ['Slice', { role: 'structural', constants: [1, 2, 3, 4] }],
  ['Split', { role: 'structural', constants: [1] }],
  ['Squeeze', { role: 'structural', constants: [1] }],
  ['Tile', { role: 'structural', constants: [1] }],
  ['Transpose', { role: 'structural' }],
  ['Unsqueeze', { role: 'structural', constants: [1] }],
  ['Where', { role: 'structural', constants: [0] }],
  ['And', { role: 'static' }],
  ['Ceil', { role: 'static' }],
  ['ConstantOfShape', { role: 'static' }],
  ['Equal', { role: 'static' }],
  ['Floor', { role: 'static' }],
  ['Greater', { role: 'static' }],
  ['Less', { role: 'static' }],
  ['Mod', { role: 'static' }],
  ['Not', { role: 'static' }],
  ['Or', { role: 'static' }],
  ['Range', { role: 'static' }],
  ['ReduceProd', { role: 'static' }],
  ['Shape', { role: 'static', reads: 'SHAPE' }],
  ['Size', { role: 'static', reads: 'SHAPE' }],
  ['Exp', { role: 'curved' }],
  ['GroupNormalization', { role: 'curved' }],
  ['InstanceNormalization', { role: 'curved' }],
  ['LRN', { role: 'curved' }],
  ['LayerNormalization', { role: 'curved' }],
  ['Log', { role: 'curved' }],
  ['LogSoftmax', { role: 'curved' }],
  ['Pow', { role: 'curved' }],
  ['QuantizeLinear', { role: 'curved' }],
  ['RMSNormalization', { role: 'curved' }],
  ['Reciprocal', { role: 'curved' }],
  ['Softmax', { role: 'curved' }],
  ['Sqrt', { role: 'curved' }],
])
