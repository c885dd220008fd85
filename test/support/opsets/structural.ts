import { integers, node } from '../onnx.ts'
import { mean, moved, plain, rowsOf, same, scalar, type MapForm } from './forms.ts'

/** The form of a node on the means of x over its places, which have their channels on axis 1. */
const behindPool =
  (form: MapForm['form']): MapForm['form'] =>
  (opset) => {
    const { nodes, constants } = form(opset)
    const [{ inputs, ...operator }] = nodes
    return {
      nodes: [node('GlobalAveragePool', ['x'], 'g'), { ...operator, inputs: ['g', ...inputs.slice(1)] }],
      constants,
    }
  }

/** What moves values, or sums them, along axes that were attributes and became inputs. */
export const STRUCTURAL: readonly MapForm[] = [
  {
    name: 'Concat',
    opsets: [7, 11, 13, 22],
    form: (opset) => ({ nodes: [node('Concat', ['x', 'x'], 'p', { axis: opset < 11 ? 2n : -1n })] }),
    expected: (x) => rowsOf(x).flatMap((row) => [...row, ...row]),
    units: 6,
  },
  {
    name: 'Split',
    opsets: [7, 11, 13, 18, 22],
    form: (opset) => {
      const { nodes, constants } = moved('Split', 13, { split: [1n, 2n] }, { axis: 2n })(opset)
      return { nodes: nodes.map((one) => ({ ...one, output: 'rest,p' })), constants }
    },
    expected: (x) => rowsOf(x).flatMap((row) => row.slice(1)),
    units: 2,
  },
  {
    name: 'Split into a number of outputs',
    opsets: [18, 22],
    form: () => ({ nodes: [node('Split', ['x'], 'p,rest', { axis: -1n, num_outputs: 2n })] }),
    expected: (x) => rowsOf(x).flatMap((row) => row.slice(0, 2)),
    units: 2,
  },
  {
    name: 'Slice',
    opsets: [7, 10, 11, 13, 22],
    form: moved('Slice', 10, { starts: [1n], ends: [3n], axes: [2n] }),
    expected: (x) => rowsOf(x).flatMap((row) => row.slice(1)),
    units: 2,
  },
  {
    name: 'Gather',
    opsets: [7, 11, 13, 22],
    form: (opset) => plain('Gather', { axis: opset < 11 ? 2n : -1n }, { indices: integers(2n, 0n) })(),
    expected: (x) => rowsOf(x).flatMap(([a, , c]) => [c, a]),
    units: 2,
  },
  {
    name: 'Pad',
    opsets: [7, 11, 13, 18, 19, 21, 22],
    form: (opset) =>
      opset < 11
        ? { nodes: [node('Pad', ['x'], 'p', { pads: [0n, 0n, 1n, 0n, 0n, 0n], value: 7 })] }
        : plain('Pad', {}, { pads: integers(0n, 0n, 1n, 0n, 0n, 0n), value: scalar(7) })(),
    expected: (x) => rowsOf(x).flatMap((row) => [7, ...row]),
    units: 4,
  },
  {
    name: 'Pad of one axis',
    opsets: [18, 22],
    form: plain('Pad', {}, { pads: integers(1n, 0n), value: scalar(7), axes: integers(-1n) }),
    expected: (x) => rowsOf(x).flatMap((row) => [7, ...row]),
    units: 4,
  },
  {
    name: 'Reshape',
    opsets: [7, 13, 14, 19, 21, 22],
    form: plain('Reshape', {}, { shape: integers(0n, 3n, 2n) }),
    expected: same,
    units: 2,
  },
  {
    name: 'Transpose',
    opsets: [7, 13, 21, 22],
    form: plain('Transpose', { perm: [0n, 2n, 1n] }),
    expected: (x) => [0, 3, 1, 4, 2, 5].map((i) => x[i]),
  },
  {
    name: 'Flatten',
    opsets: [7, 9, 11, 13, 21, 22],
    form: (opset) => ({ nodes: [node('Flatten', ['x'], 'p', { axis: opset < 11 ? 1n : -2n })] }),
    expected: same,
    units: 6,
  },
  {
    name: 'Unsqueeze behind channels',
    opsets: [7, 11, 13, 21, 22],
    form: behindPool(moved('Unsqueeze', 13, { axes: [1n] })),
    expected: (x) => rowsOf(x).map(mean),
    units: 2,
  },
  {
    name: 'Squeeze behind channels',
    opsets: [7, 11, 13, 21, 22],
    form: behindPool(moved('Squeeze', 13, { axes: [2n] })),
    expected: (x) => rowsOf(x).map(mean),
    units: 2,
  },
  {
    name: 'Expand',
    opsets: [8, 13, 22],
    form: () => ({
      nodes: [node('GlobalAveragePool', ['x'], 'g'), node('Expand', ['g', 'to'], 'p')],
      constants: { to: integers(1n, 2n, 2n) },
    }),
    expected: (x) => rowsOf(x).flatMap((row) => [mean(row), mean(row)]),
    units: 2,
  },
  {
    name: 'ReduceMean',
    opsets: [7, 11, 13, 18, 22],
    form: moved('ReduceMean', 18, { axes: [2n] }, { keepdims: 0n }),
    expected: (x) => rowsOf(x).map(mean),
    units: 2,
  },
  {
    name: 'ReduceSum',
    opsets: [7, 11, 13, 22],
    form: moved('ReduceSum', 13, { axes: [1n] }, { keepdims: 0n }),
    expected: (x) => [0, 1, 2].map((i) => x[i] + x[i + 3]),
  },
  {
    name: 'Dropout',
    opsets: [7, 10, 12, 13, 22],
    form: (opset) =>
      opset < 12
        ? { nodes: [node('Dropout', ['x'], 'p', { ratio: 0.25 })] }
        : plain('Dropout', {}, { ratio: scalar(0.25) })(),
    expected: same,
  },
  { name: 'Identity', opsets: [7, 13, 14, 16, 19, 21, 22], form: plain('Identity'), expected: same },
  { name: 'Cast', opsets: [7, 9, 13, 19, 21, 22], form: plain('Cast', { to: 1n }), expected: same },
  {
    name: 'Constant',
    opsets: [7, 9, 11, 12, 13, 19, 21, 22],
    form: (opset) => ({
      nodes: [
        node(
          'Constant',
          [],
          'c',
          opset < 12 ? { value: { shape: [3], values: [1, 2, 3] } } : { value_floats: [1, 2, 3] },
        ),
        node('Add', ['x', 'c'], 'p'),
      ],
    }),
    expected: (x) => x.map((value, i) => value + (i % 3) + 1),
  },
  {
    name: 'ConstantOfShape',
    opsets: [9, 20, 21, 22],
    form: () => ({
      nodes: [
        node('ConstantOfShape', ['size'], 'c', { value: { shape: [1], values: [2] } }),
        node('Mul', ['x', 'c'], 'p'),
      ],
      constants: { size: integers(3n) },
    }),
    expected: (x) => x.map((value) => 2 * value),
  },
  {
    name: 'ConstantOfShape of zeros',
    opsets: [9, 20, 22],
    form: () => ({
      nodes: [node('ConstantOfShape', ['size'], 'c'), node('Add', ['x', 'c'], 'p')],
      constants: { size: integers(3n) },
    }),
    expected: same,
  },
  {
    name: 'Tile',
    opsets: [7, 13, 22],
    form: plain('Tile', {}, { repeats: integers(1n, 1n, 2n) }),
    expected: (x) => rowsOf(x).flatMap((row) => [...row, ...row]),
    units: 6,
  },
  {
    name: 'Where',
    opsets: [9, 16, 22],
    form: () => ({
      nodes: [node('Cast', ['odd'], 'mask', { to: 9n }), node('Where', ['mask', 'x', 'none'], 'p')],
      constants: { odd: integers(1n, 0n, 1n), none: scalar(0) },
    }),
    expected: (x) => x.map((value, i) => (i % 3 === 1 ? 0 : value)),
  },
]
