import { node, type AttributeSpec } from '../onnx.ts'
import { plain, rowsOf, scalar, vector, type Form, type GateForm } from './forms.ts'

const gate = (
  name: string,
  opsets: readonly number[],
  form: Form['form'],
  value: (x: number, i: number) => number,
  ...thresholds: number[]
): GateForm => ({
  name,
  opsets,
  form,
  exact: true,
  value: (x) => x.map(value),
  bits: (x) => x.flatMap((one) => thresholds.map((threshold) => one > threshold)),
})

const smooth = (
  name: string,
  opsets: readonly number[],
  value: (x: number) => number,
  attributes: Record<string, AttributeSpec> = {},
): GateForm => ({ ...gate(name, opsets, plain(name, attributes), value, 0), exact: false })

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x))
const softplus = (x: number) => Math.log1p(Math.exp(x))

const comparing = (op: string, pick: (a: number, b: number) => number): GateForm => ({
  name: op,
  opsets: [8, 12, 13, 22],
  form: plain(op, {}, { c: vector(0.5, -1, 2) }),
  exact: true,
  value: (x) => x.map((value, i) => pick(value, [0.5, -1, 2][i % 3])),
  bits: (x) => x.map((value, i) => value > [0.5, -1, 2][i % 3]),
})

/** Every gate that can be one node. */
export const GATES: readonly GateForm[] = [
  gate('Relu', [7, 13, 14, 22], plain('Relu'), (x) => Math.max(0, x), 0),
  gate('LeakyRelu', [7, 16, 22], plain('LeakyRelu', { alpha: 0.25 }), (x) => (x > 0 ? x : 0.25 * x), 0),
  gate(
    'PRelu',
    [7, 9, 16, 22],
    plain('PRelu', {}, { slope: vector(0.5, -1, 2) }),
    (x, i) => (x > 0 ? x : [0.5, -1, 2][i % 3] * x),
    0,
  ),
  gate('ThresholdedRelu', [10, 22], plain('ThresholdedRelu', { alpha: 2 }), (x) => (x > 2 ? x : 0), 2),
  gate('Abs', [7, 13, 22], plain('Abs'), Math.abs, 0),
  gate(
    'Clip',
    [7, 11, 12, 13, 22],
    (opset) =>
      opset < 11
        ? { nodes: [node('Clip', ['x'], 'p', { min: -1, max: 2 })] }
        : { nodes: [node('Clip', ['x', 'min', 'max'], 'p')], constants: { min: scalar(-1), max: scalar(2) } },
    (x) => Math.min(2, Math.max(-1, x)),
    -1,
    2,
  ),
  gate(
    'Clip without a minimum',
    [7, 11, 22],
    (opset) =>
      opset < 11
        ? { nodes: [node('Clip', ['x'], 'p', { max: 2 })] }
        : { nodes: [node('Clip', ['x', '', 'max'], 'p')], constants: { max: scalar(2) } },
    (x) => Math.min(2, x),
    2,
  ),
  gate(
    'Clip by constants that are numbers, one behind an Identity,',
    [12, 22],
    () => ({
      nodes: [
        node('Constant', [], 'low', { value_float: -1 }),
        node('Constant', [], 'high', { value_float: 2 }),
        node('Identity', ['high'], 'max'),
        node('Clip', ['x', 'low', 'max'], 'p'),
      ],
    }),
    (x) => Math.min(2, Math.max(-1, x)),
    -1,
    2,
  ),
  gate(
    'HardSigmoid',
    [7, 22],
    plain('HardSigmoid', { alpha: 0.5, beta: 0.25 }),
    (x) => Math.min(1, Math.max(0, 0.5 * x + 0.25)),
    -0.5,
    1.5,
  ),
  {
    ...gate(
      'HardSwish',
      [14, 22],
      plain('HardSwish'),
      (x) => (x * Math.min(6, Math.max(0, x + 3))) / 6,
      -3,
      3,
    ),
    exact: false,
  },
  comparing('Max', Math.max),
  comparing('Min', Math.min),
  {
    name: 'MaxPool',
    opsets: [7, 8, 10, 11, 12, 22],
    form: plain('MaxPool', { kernel_shape: [2n], strides: [1n] }),
    exact: true,
    value: (x) => rowsOf(x).flatMap(([a, b, c]) => [Math.max(a, b), Math.max(b, c)]),
    // Channels are units, and places are positions.
    bits: (x) => [0, 1].flatMap((place) => rowsOf(x).map((row) => row[place + 1] > row[place])),
  },
  {
    name: 'GlobalMaxPool',
    opsets: [7, 22],
    form: plain('GlobalMaxPool'),
    exact: true,
    value: (x) => rowsOf(x).map((row) => Math.max(...row)),
    bits: (x) => rowsOf(x).flatMap((row) => [1, 2].map((place) => row.indexOf(Math.max(...row)) === place)),
  },
  smooth('Sigmoid', [7, 13, 22], sigmoid),
  smooth('Tanh', [7, 13, 22], Math.tanh),
  smooth('Elu', [7, 22], (x) => (x > 0 ? x : 2 * Math.expm1(x)), { alpha: 2 }),
  smooth('Selu', [7, 22], (x) => (x > 0 ? 3 * x : 6 * Math.expm1(x)), { alpha: 2, gamma: 3 }),
  smooth('Softplus', [7, 22], softplus),
  smooth('Celu', [12, 22], (x) => Math.max(0, x) + Math.min(0, 2 * Math.expm1(x / 2)), { alpha: 2 }),
  smooth('Mish', [18, 22], (x) => x * Math.tanh(softplus(x))),
  smooth(
    'Gelu',
    [20, 22],
    (x) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))),
    { approximate: 'tanh' },
  ),
]
