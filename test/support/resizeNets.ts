// Small networks that resize what their first layer puts out, one a form that files come in.
import { buildModel, integers, node, type NodeSpec, type TensorSpec } from './onnx.ts'

/** A network with a Resize in its midst, one a form that files come in. */
export interface ResizeNet {
  name: string
  /** Channels and places of the input, all that a Resize is given. */
  shape: number[]
  opset: number
  /** From `r` to `z`. */
  resize: NodeSpec[]
  constants?: Record<string, TensorSpec>
  /** Channels, then places, of what comes out. */
  resized: number[]
  batch?: 1
}

/** Float32 numbers, one an axis. */
export const scales = (...values: number[]): TensorSpec => ({ shape: [values.length], values })

export const RESIZE_NETS: readonly ResizeNet[] = [
  {
    name: 'twice the size by nearest',
    shape: [3, 2, 3],
    opset: 11,
    // In operator set 11 the regions may not be left out.
    constants: { none: scales(), scales: scales(1, 1, 2, 2) },
    resize: [
      node('Resize', ['r', 'none', 'scales'], 'z', {
        coordinate_transformation_mode: 'asymmetric',
        nearest_mode: 'floor',
      }),
    ],
    resized: [3, 4, 6],
  },
  {
    name: 'scales that do not divide',
    shape: [2, 3, 5],
    opset: 13,
    constants: { none: scales(), scales: scales(1, 1, 2.6, 0.7) },
    resize: [node('Resize', ['r', 'none', 'scales'], 'z', { mode: 'linear' })],
    resized: [2, 7, 3],
  },
  {
    name: 'sizes from the shape of a batch',
    shape: [2, 3, 4],
    opset: 13,
    constants: { zero: integers(0n), two: integers(2n), places: integers(5n, 2n) },
    resize: [
      node('Shape', ['r'], 'shape'),
      node('Slice', ['shape', 'zero', 'two'], 'begin'),
      node('Concat', ['begin', 'places'], 'to', { axis: 0n }),
      node('Resize', ['r', '', '', 'to'], 'z', {
        mode: 'cubic',
        coordinate_transformation_mode: 'align_corners',
      }),
    ],
    resized: [2, 5, 2],
  },
  {
    name: 'scales computed from constants',
    shape: [2, 3, 4],
    opset: 13,
    constants: { ones: scales(1, 1), factors: scales(1.5, 1.8) },
    resize: [
      node('Concat', ['ones', 'factors'], 'scales', { axis: 0n }),
      node('Resize', ['r', '', 'scales'], 'z', {
        mode: 'linear',
        coordinate_transformation_mode: 'asymmetric',
      }),
    ],
    resized: [2, 4, 7],
  },
  {
    name: 'sizes of one sample in a file that fixes one',
    shape: [2, 3, 4],
    opset: 13,
    constants: { to: integers(1n, 2n, 6n, 3n) },
    resize: [node('Resize', ['r', '', '', 'to'], 'z', { mode: 'linear' })],
    resized: [2, 6, 3],
    batch: 1,
  },
  {
    name: 'axes, and the larger of two scales',
    shape: [2, 3, 4],
    opset: 18,
    constants: { to: integers(6n, 5n) },
    resize: [
      node('Resize', ['r', '', '', 'to'], 'z', {
        mode: 'linear',
        axes: [3n, 2n],
        keep_aspect_ratio_policy: 'not_smaller',
      }),
    ],
    resized: [2, 5, 7],
  },
  {
    name: 'axes, and the smaller of two scales',
    shape: [2, 3, 4],
    opset: 19,
    constants: { to: integers(6n, 5n) },
    resize: [
      node('Resize', ['r', '', '', 'to'], 'z', {
        axes: [2n, 3n],
        keep_aspect_ratio_policy: 'not_larger',
      }),
    ],
    resized: [2, 4, 5],
  },
  {
    name: 'scales of some axes',
    shape: [2, 3, 4],
    opset: 19,
    constants: { scales: scales(1.9) },
    resize: [
      node('Resize', ['r', '', 'scales'], 'z', {
        mode: 'cubic',
        axes: [2n],
        coordinate_transformation_mode: 'half_pixel_symmetric',
      }),
    ],
    resized: [2, 5, 4],
  },
  {
    name: 'a shape that stays, which is a copy',
    shape: [2, 3, 4],
    opset: 13,
    constants: { scales: scales(1, 1, 1.2, 1.2) },
    resize: [
      node('Resize', ['r', '', 'scales'], 'z', {
        mode: 'linear',
        coordinate_transformation_mode: 'asymmetric',
      }),
    ],
    resized: [2, 3, 4],
  },
  {
    name: 'operator set 10, nearest, larger and smaller',
    shape: [2, 3, 5],
    opset: 10,
    constants: { scales: scales(1, 1, 1.7, 0.6) },
    resize: [node('Resize', ['r', 'scales'], 'z')],
    resized: [2, 5, 3],
  },
  {
    name: 'operator set 10, linear',
    shape: [2, 3, 5],
    opset: 10,
    constants: { scales: scales(1, 1, 1.7, 0.6) },
    resize: [node('Resize', ['r', 'scales'], 'z', { mode: 'linear' })],
    resized: [2, 5, 3],
  },
  {
    name: 'Upsample with an attribute',
    shape: [2, 3, 4],
    opset: 7,
    resize: [node('Upsample', ['r'], 'z', { scales: [1, 1, 2, 1.5] })],
    resized: [2, 6, 6],
  },
  {
    name: 'Upsample with an operand',
    shape: [2, 3, 4],
    opset: 9,
    constants: { scales: scales(1, 1, 2, 1.5) },
    resize: [node('Upsample', ['r', 'scales'], 'z', { mode: 'linear' })],
    resized: [2, 6, 6],
  },
  {
    name: 'one dimension',
    shape: [2, 4],
    opset: 13,
    constants: { scales: scales(1, 1, 2.5) },
    resize: [node('Resize', ['r', '', 'scales'], 'z')],
    resized: [2, 10],
  },
  {
    name: 'three dimensions',
    shape: [2, 2, 3, 2],
    opset: 13,
    constants: { scales: scales(1, 1, 2, 1.4, 1.5) },
    resize: [node('Resize', ['r', '', 'scales'], 'z', { mode: 'linear' })],
    resized: [2, 4, 4, 3],
  },
  {
    name: 'channels last',
    shape: [3, 2, 3],
    opset: 13,
    constants: { scales: scales(1, 2, 3, 1) },
    resize: [
      node('Transpose', ['r'], 'last', { perm: [0n, 2n, 3n, 1n] }),
      node('Resize', ['last', '', 'scales'], 'large', { mode: 'linear' }),
      node('Transpose', ['large'], 'z', { perm: [0n, 3n, 1n, 2n] }),
    ],
    resized: [3, 4, 9],
  },
]

/** Elements of a shape. */
export const count = (shape: readonly number[]) => shape.reduce((a, b) => a * b)

/** Conv, Relu, Resize, Relu of it less something, Conv, Relu, and scores; every bias and weight at random. */
export function resizeModel(
  { shape, opset, resize, constants, resized, batch }: ResizeNet,
  draw: (length: number) => number[],
) {
  const kernel = resized.slice(1).map(() => 2)
  const [channels] = shape
  const hidden = 2 * count(resized.slice(1).map((size) => size - 1))
  return buildModel({
    opset,
    inputs: { x: [batch ?? 'N', ...shape] },
    initializers: {
      ...constants,
      w0: { shape: [channels, channels, ...kernel.map(() => 1)], values: draw(channels ** 2) },
      w1: { shape: [2, channels, ...kernel], values: draw(2 * channels * count(kernel)) },
      less: { shape: [1], values: [0.3] },
      w2: { shape: [hidden, 3], values: draw(3 * hidden) },
      b2: { shape: [3], values: draw(3) },
    },
    nodes: [
      node('Conv', ['x', 'w0'], 'p'),
      node('Relu', ['p'], 'r'),
      ...resize,
      node('Sub', ['z', 'less'], 'q'),
      node('Relu', ['q'], 's'),
      node('Conv', ['s', 'w1'], 'c'),
      node('Relu', ['c'], 't'),
      node('Flatten', ['t'], 'flat'),
      node('Gemm', ['flat', 'w2', 'b2'], 'scores'),
    ],
    outputs: ['scores'],
  })
}
