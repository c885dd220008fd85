import { InferenceSession, Tensor } from 'onnxruntime-node'
import { describe, expect, test } from 'vitest'
import { nearestPlaces, weightsOf } from '#atlas/compute/onnx/lower/interpolation.js'
import { buildModel, integers, node, type AttributeSpec, type TensorSpec } from '../support/onnx.ts'

const COORDINATES = [
  'half_pixel',
  'pytorch_half_pixel',
  'asymmetric',
  'align_corners',
  'half_pixel_symmetric',
  'tf_half_pixel_for_nn',
]

const NEAREST = ['round_prefer_floor', 'round_prefer_ceil', 'floor', 'ceil']

const INPUTS = [1, 2, 3, 7, 11, 14]
const OUTPUTS = Array.from({ length: 32 }, (_, i) => i + 1)

const identity = (size: number): TensorSpec => ({
  shape: [1, 1, size, size],
  values: Array.from({ length: size ** 2 }, (_, i) => Number(i % (size + 1) === 0)),
})

/** Per size of the input and of the output: output x input, what ONNX Runtime's own Resize makes of unit vectors. */
async function measured(attributes: Record<string, AttributeSpec>): Promise<Map<string, Float32Array>> {
  const initializers: Record<string, TensorSpec> = { none: { shape: [0], values: [] } }
  for (const size of INPUTS) initializers[`units${size}`] = identity(size)
  const pairs = INPUTS.flatMap((input) => OUTPUTS.map((output) => [input, output] as const))
  const nodes = pairs.map(([input, output]) => {
    initializers[`to${input}/${output}`] = integers(1n, 1n, BigInt(output), BigInt(input))
    const operands = [`units${input}`, 'none', 'none', `to${input}/${output}`]
    return node('Resize', operands, `${input}/${output}`, attributes)
  })
  const outputs = nodes.map(({ output }) => output)
  const session = await InferenceSession.create(
    // Later operator sets know this transformation no more.
    buildModel({
      opset: attributes.coordinate_transformation_mode === 'tf_half_pixel_for_nn' ? 11 : 19,
      initializers,
      nodes: [...nodes, node('Relu', ['x'], 'y')],
      outputs: [...outputs, 'y'],
    }),
  )
  const results = await session.run({ x: new Tensor('float32', new Float32Array(3), [1, 3]) })
  await session.release()
  return new Map(
    outputs.map((name) => {
      const { data } = results[name]
      if (!(data instanceof Float32Array)) throw new TypeError('not float32')
      return [name, data]
    }),
  )
}

/** Every size with the scale that the sizes give. */
const axes = INPUTS.flatMap((input) =>
  OUTPUTS.filter((output) => output !== input).map((output) => ({
    input,
    output,
    scale: Math.fround(output / input),
  })),
)

const how = { cubicCoefficient: -0.75, excludeOutside: false, rounding: '' }

describe.each(COORDINATES)('%s', (coordinates) => {
  const given = { coordinate_transformation_mode: coordinates }

  test.each(NEAREST)('nearest with %s takes the places that ONNX Runtime takes', async (rounding) => {
    const rows = await measured({ ...given, mode: 'nearest', nearest_mode: rounding })
    for (const axis of axes) {
      const own = nearestPlaces(axis, { ...how, mode: 'nearest', coordinates, rounding })
      const row = rows.get(`${axis.input}/${axis.output}`) ?? new Float32Array()
      const theirs = Array.from(own, (_, place) =>
        row.slice(place * axis.input, (place + 1) * axis.input).indexOf(1),
      )
      expect({ ...axis, places: [...own] }).toEqual({ ...axis, places: theirs })
    }
  })

  test.each<[string, Record<string, AttributeSpec>]>([
    ['linear', {}],
    ['cubic', {}],
    ['cubic', { exclude_outside: 1n, cubic_coeff_a: -0.5 }],
  ])('%s weighs as ONNX Runtime does: %s', async (mode, attributes) => {
    const rows = await measured({ ...given, ...attributes, mode })
    const excludeOutside = 'exclude_outside' in attributes
    const cubicCoefficient = Number(attributes.cubic_coeff_a ?? -0.75)
    const interpolation = { ...how, mode, coordinates, excludeOutside, cubicCoefficient }
    let worst = 0
    for (const axis of axes) {
      const theirs = rows.get(`${axis.input}/${axis.output}`) ?? []
      weightsOf(axis, interpolation).forEach((weight, i) => {
        worst = Math.max(worst, Math.abs(weight - theirs[i]))
      })
    }
    // Where all but a far place lie outside, what is left is divided by its small sum.
    expect(worst).toBeLessThan(excludeOutside ? 2e-4 : 2e-6)
  })
})
