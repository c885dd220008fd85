import type { Random } from './prng.ts'

/**
 * Layer widths of a multilayer perceptron, input first, output last: [784, 64, 10] has one hidden layer of
 * 64 ReLU units and an affine output layer.
 */
export type Widths = readonly number[]

/** One affine map of the network: its place, its parameters' names and shapes. */
export interface AffineLayer {
  /** `weight<i>`, shape [outputs, inputs]. */
  readonly weight: string
  /** `bias<i>`, shape [outputs]. */
  readonly bias: string
  readonly inputs: number
  readonly outputs: number
  /** False for the output layer only. */
  readonly hasRelu: boolean
}

/** The values of all parameters by name, row-major. */
export type Parameters = ReadonlyMap<string, Float32Array>

/** The affine maps of a network of these widths, first to last. */
export function affineLayers(widths: Widths): AffineLayer[] {
  return widths.slice(1).map((outputs, index) => ({
    weight: `weight${index}`,
    bias: `bias${index}`,
    inputs: widths[index],
    outputs,
    hasRelu: index < widths.length - 2,
  }))
}

/** Names and shapes of all parameters, in the order of the layers. */
export function parameterShapes(widths: Widths): { name: string; dims: number[] }[] {
  return affineLayers(widths).flatMap((layer) => [
    { name: layer.weight, dims: [layer.outputs, layer.inputs] },
    { name: layer.bias, dims: [layer.outputs] },
  ])
}

/** The values of one parameter. Throws an Error where they are missing or their number does not fit the shape. */
export function parameterValues(
  parameters: Parameters,
  { name, dims }: { name: string; dims: readonly number[] },
): Float32Array {
  const values = parameters.get(name)
  if (values?.length !== dims.reduce((product, dim) => product * dim, 1)) {
    throw new Error(`parameter ${name} of shape ${dims.join(' x ')} holds ${values?.length ?? 'no'} values`)
  }
  return values
}

/** Number of weights and biases. */
export function parameterCount(widths: Widths): number {
  return affineLayers(widths).reduce((sum, layer) => sum + layer.outputs * (layer.inputs + 1), 0)
}

/**
 * He initialisation (He et al., "Delving Deep into Rectifiers", 2015): weights of variance 2 / inputs, biases 0.
 * Uniform rather than normal: a square root is exact on every machine, a logarithm or cosine is not.
 */
export function initialise(widths: Widths, random: Random): Parameters {
  const parameters = new Map<string, Float32Array>()
  for (const layer of affineLayers(widths)) {
    const bound = Math.sqrt(6 / layer.inputs)
    const draw = () => (2 * random() - 1) * bound
    parameters.set(layer.weight, Float32Array.from({ length: layer.outputs * layer.inputs }, draw))
    parameters.set(layer.bias, new Float32Array(layer.outputs))
  }
  return parameters
}
