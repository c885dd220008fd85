import type { NodeProto, TensorProto } from 'onnx-buf'
import { affineLayers, parameterShapes } from './mlp.ts'
import type { AffineLayer, Widths } from './mlp.ts'
import { encodeModel, floatTensor, floatValue, int64Tensor, node } from './onnx.ts'

/** Decay rates of Adam's two moments and the constant that keeps its quotient finite (Kingma and Ba, 2015). */
export const adam = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const

/**
 * One training step of a multilayer perceptron as an ONNX model.
 *
 * Inputs: `images` [batch, inputs], `targets` [batch, classes] (one-hot), `rate` [] (Adam's step size, its bias
 * correction included), and for each parameter p its value `p` and moments `p.m`, `p.v`.
 * Outputs: `loss` [], the batch's mean cross-entropy in nats before the step, and `p.next`, `p.m.next`,
 * `p.v.next`, all of p's shape.
 */
export function trainingStep(widths: Widths, batch: number): Uint8Array<ArrayBuffer> {
  const ops = new Operations()
  const layers = affineLayers(widths)
  const { activations, logits } = forward(ops, layers)
  const delta = crossEntropy(ops, logits, batch)
  const gradients = backward(ops, layers, activations, delta)
  for (const [parameter, gradient] of gradients) adamUpdate(ops, parameter, gradient)

  const shapes = parameterShapes(widths)
  const states = shapes.flatMap(({ name, dims }) =>
    ['', '.m', '.v'].map((moment) => ({ name: `${name}${moment}`, dims })),
  )
  return encodeModel({
    name: 'training-step',
    node: ops.nodes,
    initializer: ops.constants,
    input: [
      floatValue('images', [batch, widths[0]]),
      floatValue('targets', [batch, widths[widths.length - 1]]),
      floatValue('rate', []),
      ...states.map(({ name, dims }) => floatValue(name, dims)),
    ],
    output: [floatValue('loss', []), ...states.map(({ name, dims }) => floatValue(`${name}.next`, dims))],
  })
}

/** Collects nodes; each method adds one and returns the name of its result. */
class Operations {
  readonly nodes: NodeProto[] = []
  readonly constants: TensorProto[] = [int64Tensor('batch-axis', [0])]

  apply(opType: string, inputs: string[], attributes: Record<string, number> = {}, result?: string): string {
    const name = result ?? `${opType.toLowerCase()}-${this.nodes.length}`
    this.nodes.push(node(opType, name, inputs, [name], attributes))
    return name
  }

  /** Casts to float32, the only cast that the step needs. */
  toFloat(value: string): string {
    return this.apply('Cast', [value], { to: 1 })
  }

  constant(value: number): string {
    const name = `constant-${this.constants.length}`
    this.constants.push(floatTensor(name, [], Float32Array.of(value)))
    return name
  }

  scale(factor: number, value: string, result?: string): string {
    return this.apply('Mul', [value, this.constant(factor)], {}, result)
  }
}

/** `activations[i]` is what affine layer i reads: the images, then the hidden layers after their ReLU. */
function forward(ops: Operations, layers: AffineLayer[]): { activations: string[]; logits: string } {
  const activations: string[] = []
  let current = 'images'
  for (const layer of layers) {
    activations.push(current)
    current = ops.apply('Gemm', [current, layer.weight, layer.bias], { transB: 1 })
    if (layer.hasRelu) current = ops.apply('Relu', [current])
  }
  return { activations, logits: current }
}

/** Adds `loss` and returns its gradient by the logits: (softmax - target) / batch. */
function crossEntropy(ops: Operations, logits: string, batch: number): string {
  const logProbabilities = ops.apply('LogSoftmax', [logits], { axis: 1 })
  const scores = ops.apply('Mul', [logProbabilities, 'targets'])
  ops.scale(-1 / batch, ops.apply('ReduceSum', [scores], { keepdims: 0 }), 'loss')
  const probabilities = ops.apply('Exp', [logProbabilities])
  return ops.scale(1 / batch, ops.apply('Sub', [probabilities, 'targets']))
}

/** Back-propagation: the gradient of every parameter by name, from the gradient by the logits. */
function backward(
  ops: Operations,
  layers: AffineLayer[],
  activations: string[],
  logitsGradient: string,
): Map<string, string> {
  const gradients = new Map<string, string>()
  const zero = ops.constant(0)
  let delta = logitsGradient
  for (let index = layers.length - 1; index >= 0; index--) {
    const { weight, bias } = layers[index]
    const activation = activations[index]
    gradients.set(weight, ops.apply('Gemm', [delta, activation], { transA: 1 }))
    gradients.set(bias, ops.apply('ReduceSum', [delta, 'batch-axis'], { keepdims: 0 }))
    if (index === 0) break
    // A ReLU passes the gradient exactly where its output is positive.
    const open = ops.toFloat(ops.apply('Greater', [activation, zero]))
    delta = ops.apply('Mul', [ops.apply('MatMul', [delta, weight]), open])
  }
  return gradients
}

/** Adam as in the last paragraph of Kingma and Ba (2015), section 2: the bias correction is part of `rate`. */
function adamUpdate(ops: Operations, parameter: string, gradient: string): void {
  const blend = (beta: number, moment: string, sample: string) =>
    ops.apply('Add', [ops.scale(beta, moment), ops.scale(1 - beta, sample)], {}, `${moment}.next`)
  const mean = blend(adam.beta1, `${parameter}.m`, gradient)
  const square = blend(adam.beta2, `${parameter}.v`, ops.apply('Mul', [gradient, gradient]))
  const spread = ops.apply('Add', [ops.apply('Sqrt', [square]), ops.constant(adam.epsilon)])
  const step = ops.apply('Mul', [ops.apply('Div', [mean, spread]), 'rate'])
  ops.apply('Sub', [parameter, step], {}, `${parameter}.next`)
}
