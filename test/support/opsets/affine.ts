import { node } from '../onnx.ts'
import { mean, plain, rowsOf, scalar, sum, vector, type MapForm } from './forms.ts'

const arithmetic = (op: string, value: (x: number, y: number) => number): MapForm => ({
  name: op,
  opsets: [7, 13, 14, 22],
  form: plain(op, {}, { c: vector(2, -4, 0.5) }),
  expected: (x) => x.map((one, i) => value(one, [2, -4, 0.5][i % 3])),
})

const BATCH_NORM = {
  scale: vector(2, 1),
  bias: vector(1, 0),
  mean: vector(2, 5),
  variance: vector(4, 0.25),
}

/** What weighs values, and is affine where its other operands are constant. */
export const AFFINE: readonly MapForm[] = [
  {
    name: 'Conv',
    opsets: [7, 11, 22],
    form: plain(
      'Conv',
      { pads: [1n, 0n] },
      { w: { shape: [1, 2, 2], values: [1, 2, -1, 0.5] }, b: vector(0.25) },
    ),
    expected: (x) =>
      [0, 1, 2].map((i) => (i > 0 ? x[i - 1] - x[i + 2] : 0) + 2 * x[i] + 0.5 * x[i + 3] + 0.25),
    units: 1,
  },
  {
    name: 'ConvTranspose',
    opsets: [7, 11, 22],
    form: plain('ConvTranspose', { strides: [2n] }, { w: { shape: [2, 1, 2], values: [1, 2, -1, 0.5] } }),
    expected: (x) => [0, 1, 2].flatMap((i) => [x[i] - x[i + 3], 2 * x[i] + 0.5 * x[i + 3]]),
    units: 1,
  },
  {
    name: 'BatchNormalization',
    opsets: [7, 9, 14, 15, 22],
    form: plain('BatchNormalization', { epsilon: 0 }, BATCH_NORM),
    expected: (x) => x.map((value, i) => (i < 3 ? value - 1 : 2 * (value - 5))),
    units: 2,
  },
  {
    name: 'AveragePool',
    opsets: [7, 10, 11, 19, 22],
    form: plain('AveragePool', { kernel_shape: [2n], pads: [0n, 1n] }),
    expected: (x) => rowsOf(x).flatMap(([a, b, c]) => [(a + b) / 2, (b + c) / 2, c]),
    units: 2,
  },
  {
    name: 'AveragePool with ceil_mode',
    opsets: [10, 19, 22],
    form: plain('AveragePool', { kernel_shape: [2n], strides: [2n], ceil_mode: 1n }),
    expected: (x) => rowsOf(x).flatMap(([a, b, c]) => [(a + b) / 2, c]),
  },
  {
    name: 'AveragePool with dilations',
    opsets: [19, 22],
    form: plain('AveragePool', { kernel_shape: [2n], dilations: [2n] }),
    expected: (x) => rowsOf(x).map(([a, , c]) => (a + c) / 2),
  },
  {
    name: 'GlobalAveragePool',
    opsets: [7, 22],
    form: plain('GlobalAveragePool'),
    expected: (x) => rowsOf(x).map(mean),
    units: 2,
  },
  arithmetic('Add', (x, y) => x + y),
  arithmetic('Sub', (x, y) => x - y),
  arithmetic('Mul', (x, y) => x * y),
  arithmetic('Div', (x, y) => x / y),
  {
    name: 'Gemm without a bias from operator set 11 on',
    opsets: [7, 9, 11, 13, 22],
    form: (opset) => ({
      nodes: [
        node('Flatten', ['x'], 'flat'),
        node('Gemm', opset < 11 ? ['flat', 'w', 'none'] : ['flat', 'w'], 'p', { alpha: 0.5, transB: 1n }),
      ],
      constants: { w: { shape: [2, 6], values: [1, 2, 3, 4, 5, 6, 0, 1, 0, -1, 0, 1] }, none: vector(0) },
    }),
    expected: (x) => [
      sum(x.map((value, i) => 0.5 * (i + 1) * value)),
      sum(x.map((value, i) => 0.5 * [0, 1, 0, -1, 0, 1][i] * value)),
    ],
    units: 2,
  },
  {
    name: 'MatMul',
    opsets: [7, 9, 13, 22],
    form: plain('MatMul', {}, { w: { shape: [3, 2], values: [1, 2, 3, 4, 5, 6] } }),
    expected: (x) => rowsOf(x).flatMap(([a, b, c]) => [a + 3 * b + 5 * c, 2 * a + 4 * b + 6 * c]),
    units: 2,
  },
  {
    name: 'Einsum',
    opsets: [12, 22],
    form: plain('Einsum', { equation: 'bij,jk->bki' }, { w: { shape: [3, 2], values: [1, 2, 3, 4, 5, 6] } }),
    expected: (x) =>
      [0, 1].flatMap((k) => rowsOf(x).map((row) => sum(row.map((value, j) => (2 * j + k + 1) * value)))),
  },
  {
    name: 'Sum',
    opsets: [8, 13, 22],
    form: plain('Sum', {}, { a: vector(1, 2, 3), b: scalar(10) }),
    expected: (x) => x.map((value, i) => value + (i % 3) + 11),
  },
  { name: 'Neg', opsets: [7, 13, 22], form: plain('Neg'), expected: (x) => x.map((value) => -value) },
]
