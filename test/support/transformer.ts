// A transformer block as a framework exports it, and what it computes: plain loops in float64.
import { buildModel, uniform, type NodeSpec, type TensorSpec } from './onnx.ts'

const TOKENS = 4
const WIDTH = 6
const HIDDEN = 10
const SCORES = 3
const EPSILON = 1e-5

type Rows = number[][]

/** How the Gelu of a block is written: one node, or the subgraphs of its two formulas. */
export type GeluForm = 'node' | 'erf' | 'tanh'

export interface Transformer {
  inputSize: number
  model: Uint8Array
  /** Pre-activations of the Gelu, a row a token, and the scores. */
  forward(x: ArrayLike<number>): { gelu: Rows; scores: number[] }
}

/** Attention of one head, LayerNorm, and a perceptron with Gelu, both with residuals; scores of the mean token. */
export function transformer(form: GeluForm, seed = 1): Transformer {
  const random = uniform(seed)
  const weights: Record<string, TensorSpec> = {}
  const weight = (name: string, ...shape: number[]): Rows => {
    const values = Array.from({ length: shape.reduce((a, b) => a * b) }, () => Math.fround(2 * random() - 1))
    weights[name] = { shape, values }
    const width = shape[shape.length - 1]
    return Array.from({ length: values.length / width }, (_, row) =>
      values.slice(row * width, (row + 1) * width),
    )
  }
  const [[scale], [bias]] = [weight('scale', WIDTH), weight('bias', WIDTH)]
  const [query, key, value] = ['query', 'key', 'value'].map((name) => weight(name, WIDTH, WIDTH))
  const [up, down] = [weight('up', WIDTH, HIDDEN), weight('down', HIDDEN, WIDTH)]
  const head = weight('head', WIDTH, SCORES)
  const model = buildModel({
    opset: 20,
    inputs: { x: ['N', TOKENS, WIDTH] },
    initializers: { ...weights, ...constants() },
    nodes: [...attentionNodes(), ...perceptronNodes(form)],
    outputs: ['scores'],
  })
  return {
    inputSize: TOKENS * WIDTH,
    model,
    forward(x) {
      const tokens = Array.from({ length: TOKENS }, (_, t) =>
        Array.from({ length: WIDTH }, (_, i) => x[t * WIDTH + i]),
      )
      const normal = tokens.map((row) => layerNorm(row, scale, bias))
      const [q, k, v] = [query, key, value].map((matrix) => product(normal, matrix))
      const attention = q.map((row) => softmax(k.map((other) => dot(row, other) / Math.sqrt(WIDTH))))
      const middle = sum(tokens, product(attention, v))
      const pre = product(
        middle.map((row) => layerNorm(row, scale, bias)),
        up,
      )
      const active = pre.map((row) => row.map(form === 'tanh' ? geluByTanh : gelu))
      const out = sum(middle, product(active, down))
      const mean = out[0].map((_, i) => out.reduce((total, row) => total + row[i] / TOKENS, 0))
      return { gelu: pre, scores: product([mean], head)[0] }
    },
  }
}

function constants(): Record<string, TensorSpec> {
  const scalar = (value: number): TensorSpec => ({ shape: [], values: [Math.fround(value)] })
  return {
    axis: { shape: [1], values: [1n] },
    root: scalar(Math.sqrt(WIDTH)),
    half: scalar(0.5),
    one: scalar(1),
    three: scalar(3),
    sqrt2: scalar(Math.SQRT2),
    cubic: scalar(0.044715),
    tanhScale: scalar(Math.sqrt(2 / Math.PI)),
  }
}

function attentionNodes(): NodeSpec[] {
  const normal = { axis: -1n, epsilon: EPSILON }
  return [
    { op: 'LayerNormalization', inputs: ['x', 'scale', 'bias'], output: 'n1', attributes: normal },
    { op: 'MatMul', inputs: ['n1', 'query'], output: 'q' },
    { op: 'MatMul', inputs: ['n1', 'key'], output: 'k' },
    { op: 'MatMul', inputs: ['n1', 'value'], output: 'v' },
    { op: 'Transpose', inputs: ['k'], output: 'kt', attributes: { perm: [0n, 2n, 1n] } },
    { op: 'MatMul', name: 'attention', inputs: ['q', 'kt'], output: 'qk' },
    { op: 'Div', inputs: ['qk', 'root'], output: 'scaled' },
    { op: 'Softmax', name: 'softmax', inputs: ['scaled'], output: 'a', attributes: { axis: -1n } },
    { op: 'MatMul', inputs: ['a', 'v'], output: 'av' },
    { op: 'Add', inputs: ['x', 'av'], output: 'middle' },
    { op: 'LayerNormalization', inputs: ['middle', 'scale', 'bias'], output: 'n2', attributes: normal },
  ]
}

function perceptronNodes(form: GeluForm): NodeSpec[] {
  return [
    { op: 'MatMul', inputs: ['n2', 'up'], output: 'h' },
    ...geluNodes[form],
    { op: 'MatMul', inputs: ['g', 'down'], output: 'd' },
    { op: 'Add', inputs: ['middle', 'd'], output: 'out' },
    { op: 'ReduceMean', inputs: ['out', 'axis'], output: 'mean', attributes: { keepdims: 0n } },
    { op: 'MatMul', inputs: ['mean', 'head'], output: 'scores' },
  ]
}

const geluNodes: Record<GeluForm, NodeSpec[]> = {
  node: [{ op: 'Gelu', name: 'gate', inputs: ['h'], output: 'g' }],
  erf: [
    { op: 'Div', inputs: ['h', 'sqrt2'], output: 'e0' },
    { op: 'Erf', name: 'gate', inputs: ['e0'], output: 'e1' },
    { op: 'Add', inputs: ['e1', 'one'], output: 'e2' },
    { op: 'Mul', inputs: ['h', 'e2'], output: 'e3' },
    { op: 'Mul', inputs: ['e3', 'half'], output: 'g' },
  ],
  tanh: [
    { op: 'Pow', inputs: ['h', 'three'], output: 't0' },
    { op: 'Mul', inputs: ['t0', 'cubic'], output: 't1' },
    { op: 'Add', inputs: ['h', 't1'], output: 't2' },
    { op: 'Mul', inputs: ['t2', 'tanhScale'], output: 't3' },
    { op: 'Tanh', name: 'gate', inputs: ['t3'], output: 't4' },
    { op: 'Add', inputs: ['t4', 'one'], output: 't5' },
    { op: 'Mul', inputs: ['h', 't5'], output: 't6' },
    { op: 'Mul', inputs: ['t6', 'half'], output: 'g' },
  ],
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((total, value, i) => total + value * b[i], 0)
}

function product(rows: Rows, matrix: Rows): Rows {
  return rows.map((row) =>
    matrix[0].map((_, j) =>
      dot(
        row,
        matrix.map((other) => other[j]),
      ),
    ),
  )
}

function sum(a: Rows, b: Rows): Rows {
  return a.map((row, i) => row.map((value, j) => value + b[i][j]))
}

function layerNorm(row: readonly number[], scale: readonly number[], bias: readonly number[]): number[] {
  const mean = dot(
    row,
    row.map(() => 1 / row.length),
  )
  const variance = row.reduce((total, value) => total + (value - mean) ** 2 / row.length, 0)
  return row.map((value, i) => ((value - mean) / Math.sqrt(variance + EPSILON)) * scale[i] + bias[i])
}

function softmax(row: readonly number[]): number[] {
  const powers = row.map((value) => Math.exp(value - Math.max(...row)))
  return powers.map((power) => power / powers.reduce((a, b) => a + b))
}

function gelu(x: number): number {
  return 0.5 * x * (1 + erf(x / Math.SQRT2))
}

function geluByTanh(x: number): number {
  return 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)))
}

/** By its power series, which is good to 1e-9 up to 4. */
function erf(x: number): number {
  let term = x
  let total = x
  for (let n = 1; n < 80; n++) {
    term *= -(x * x) / n
    total += term / (2 * n + 1)
  }
  return Math.abs(x) > 4 ? Math.sign(x) : (2 / Math.sqrt(Math.PI)) * total
}
