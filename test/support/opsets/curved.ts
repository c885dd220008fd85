import { node } from '../onnx.ts'
import { mean, plain, rowsOf, scalar, sum, vector, type MapForm } from './forms.ts'

/** Numbers less their mean, over their deviation. */
const normal = (x: readonly number[], epsilon: number) => {
  const centred = x.map((value) => value - mean(x))
  return centred.map((value) => value / Math.sqrt(mean(centred.map((v) => v * v)) + epsilon))
}

const softmax = (x: readonly number[]) => {
  const powers = x.map((value) => Math.exp(value))
  return powers.map((power) => power / sum(powers))
}

/** What is neither a gate nor affine. */
export const CURVED: readonly MapForm[] = [
  {
    name: 'LayerNormalization',
    opsets: [17, 22],
    form: plain('LayerNormalization', { epsilon: 0.5 }, { scale: vector(1, 2, 3), bias: vector(0, 1, 0) }),
    expected: (x) =>
      rowsOf(x).flatMap((row) => normal(row, 0.5).map((value, i) => (i + 1) * value + Number(i === 1))),
  },
  {
    name: 'InstanceNormalization',
    opsets: [7, 22],
    form: plain('InstanceNormalization', { epsilon: 0.5 }, { scale: vector(1, 2), bias: vector(0, 1) }),
    expected: (x) => rowsOf(x).flatMap((row, c) => normal(row, 0.5).map((value) => (c + 1) * value + c)),
    units: 2,
  },
  {
    name: 'GroupNormalization, scaled by group before operator set 21,',
    opsets: [18],
    form: plain(
      'GroupNormalization',
      { epsilon: 0.5, num_groups: 1n },
      { scale: vector(2), bias: vector(1) },
    ),
    expected: (x) => normal(x, 0.5).map((value) => 2 * value + 1),
    units: 2,
  },
  {
    name: 'GroupNormalization, scaled by channel,',
    opsets: [21, 22],
    form: plain(
      'GroupNormalization',
      { epsilon: 0.5, num_groups: 1n },
      { scale: vector(2, 3), bias: vector(1, 0) },
    ),
    expected: (x) => normal(x, 0.5).map((value, i) => (i < 3 ? 2 * value + 1 : 3 * value)),
    units: 2,
  },
  {
    name: 'RMSNormalization',
    opsets: [23],
    form: plain('RMSNormalization', { epsilon: 0.5 }, { scale: vector(1, 2, 3) }),
    expected: (x) =>
      rowsOf(x).flatMap((row) => {
        const size = Math.sqrt(mean(row.map((value) => value ** 2)) + 0.5)
        return row.map((value, i) => ((i + 1) * value) / size)
      }),
  },
  {
    name: 'Softmax, over all axes behind the batch before operator set 13,',
    opsets: [7, 11],
    form: plain('Softmax'),
    expected: softmax,
  },
  {
    name: 'Softmax, over the last axis,',
    opsets: [13, 22],
    form: plain('Softmax'),
    expected: (x) => rowsOf(x).flatMap(softmax),
  },
  {
    name: 'LogSoftmax',
    opsets: [7, 11, 13, 22],
    form: (opset) => ({
      nodes: [node('LogSoftmax', ['x'], 'l', { axis: opset < 11 ? 2n : -1n }), node('Neg', ['l'], 'p')],
    }),
    expected: (x) => rowsOf(x).flatMap((row) => softmax(row).map((value) => -Math.log(value))),
  },
  {
    name: 'Pow',
    opsets: [7, 12, 13, 15, 22],
    form: plain('Pow', {}, { two: scalar(2) }),
    expected: (x) => x.map((value) => value ** 2),
  },
]
