// Operators in the forms that ONNX gave them from operator set 7 on, and what they compute, in plain loops.
import { integers, node, type AttributeSpec, type NodeSpec, type TensorSpec } from '../onnx.ts'

/** The samples, which have the shape [2, 3]. No number is where a gate below changes its bit. */
export const SAMPLES: readonly (readonly number[])[] = [
  [-4, -1.25, -0.375, 0.25, 1.625, 7],
  [3.5, -0.75, 0.125, -6, 2.25, -2],
]

/** Nodes and their constants. */
export interface Nodes {
  /** From `x` to `p`. */
  nodes: NodeSpec[]
  constants?: Record<string, TensorSpec>
}

/** An operator. */
export interface Form {
  name: string
  /** Those that brought it or changed it, from 7 on, and 22. */
  opsets: readonly number[]
  form(opset: number): Nodes
}

/** An operator that is no gate, and p of a sample. */
export interface MapForm extends Form {
  expected(x: readonly number[]): number[]
  /** Units of a gate behind it; 3, the last axis, where left out. */
  units?: number
}

/** A gate: what it puts out for a sample, and its bits. */
export interface GateForm extends Form {
  value(x: readonly number[]): number[]
  bits(x: readonly number[]): boolean[]
  exact: boolean
}

/** Float32 numbers in a row. */
export const vector = (...values: number[]): TensorSpec => ({ shape: [values.length], values })
/** One float32 number. */
export const scalar = (value: number): TensorSpec => ({ shape: [], values: [value] })

/** A node from x to p, whatever the operator set. */
export const plain =
  (op: string, attributes: Record<string, AttributeSpec> = {}, constants: Record<string, TensorSpec> = {}) =>
  (): Nodes => ({ nodes: [node(op, ['x', ...Object.keys(constants)], 'p', attributes)], constants })

/** A node from x to p with integers that were attributes before an operator set, and are operands from it on. */
export const moved =
  (op: string, since: number, values: Record<string, bigint[]>, more: Record<string, AttributeSpec> = {}) =>
  (opset: number): Nodes =>
    opset < since
      ? { nodes: [node(op, ['x'], 'p', { ...values, ...more })] }
      : {
          nodes: [node(op, ['x', ...Object.keys(values)], 'p', more)],
          constants: Object.fromEntries(
            Object.entries(values).map(([name, list]) => [name, integers(...list)]),
          ),
        }

/** p is x. */
export const same = (x: readonly number[]) => [...x]
/** The two rows of a sample. */
export const rowsOf = (x: readonly number[]) => [x.slice(0, 3), x.slice(3)]
/** All of them. */
export const sum = (x: readonly number[]) => x.reduce((a, b) => a + b)
/** All of them over their number. */
export const mean = (x: readonly number[]) => sum(x) / x.length
