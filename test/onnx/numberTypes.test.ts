import { fromBinary, toBinary, create } from '@bufbuild/protobuf'
import { ModelProtoSchema, TensorProto_DataType, TensorProtoSchema } from 'onnx-buf'
import { describe, expect, test } from 'vitest'
import { endsOf, openProgram, walkSegments } from '#atlas/compute/geometry/index.js'
import { inspectNetwork, openNetwork } from '#atlas/compute/onnx/index.js'
import { fromFloat64 } from '#atlas/compute/onnx/float64Values.js'
import { buildMlp, buildModel, forwardMlp, node, uniform } from '../support/onnx.ts'

const random = uniform(11)
const draw = (length: number) => Array.from({ length }, () => Math.fround(2 * random() - 1))
const [TOKENS, WIDTH, UNITS, LENGTH] = [7, 4, 5, 3]
const [embedding, places, weights] = [draw(TOKENS * WIDTH), draw(LENGTH * WIDTH), draw(WIDTH * UNITS)]

/** Embeddings of tokens and places, one dense layer a token. */
const tokenNet = (inputType: TensorProto_DataType) =>
  buildModel({
    inputs: { ids: ['N', LENGTH] },
    inputType,
    initializers: {
      embedding: { shape: [TOKENS, WIDTH], values: embedding },
      places: { shape: [LENGTH, WIDTH], values: places },
      w: { shape: [WIDTH, UNITS], values: weights },
    },
    nodes: [
      node('Gather', ['embedding', 'ids'], 'e'),
      node('Add', ['e', 'places'], 'sum'),
      node('MatMul', ['sum', 'w'], 'pre'),
      node('Relu', ['pre'], 'scores'),
    ],
    outputs: ['scores'],
  })

describe('networks that read token ids', () => {
  test.each([
    ['int64', TensorProto_DataType.INT64],
    ['int32', TensorProto_DataType.INT32],
  ] as const)(
    'in %s have the pre-activations of plain loops, a position a token',
    async (inputType, type) => {
      const samples = [
        [0, 6, 3],
        [5, 5, 1],
      ]
      const runner = await openNetwork(tokenNet(type), [0])
      expect(runner.summary).toMatchObject({ inputType, inputShape: [LENGTH], batched: true })
      expect(runner.summary.layers[0]).toMatchObject({ unitCount: UNITS, positionShape: [LENGTH] })
      const { preActivations } = await runner.run(Float32Array.from(samples.flat()), 2)
      samples.flat().forEach((id, site) => {
        for (let unit = 0; unit < UNITS; unit++) {
          let sum = 0
          for (let i = 0; i < WIDTH; i++)
            sum +=
              (embedding[id * WIDTH + i] + places[(site % LENGTH) * WIDTH + i]) * weights[i * UNITS + unit]
          expect(preActivations[0][site * UNITS + unit]).toBeCloseTo(sum, 5)
        }
      })
      for (const wrong of [0.5, 2 ** 24 + 2, -3e9])
        await expect(runner.run(Float32Array.of(0, wrong, 1), 1)).rejects.toMatchObject({
          code: 'NOT_WHOLE_NUMBERS',
        })
      await expect(runner.run(Float32Array.of(0, TOKENS, 1), 1)).rejects.toMatchObject({
        code: 'INFERENCE_FAILED',
      })
      await runner.close()
    },
  )

  test('are approximate: between whole numbers there is nothing', async () => {
    const { exactness, approximations } = await inspectNetwork(tokenNet(TensorProto_DataType.INT64))
    expect(exactness).toBe('APPROXIMATE')
    expect(approximations[0]).toBe('The input "ids" takes whole numbers alone.')
  })
})

/** A network of float32 weights with all its types made float64. */
function toDouble(bytes: Uint8Array): Uint8Array {
  const model = fromBinary(ModelProtoSchema, bytes)
  for (const { type } of model.graph?.input ?? [])
    if (type?.value.case === 'tensorType') type.value.value.elemType = TensorProto_DataType.DOUBLE
  if (model.graph)
    model.graph.initializer = model.graph.initializer.map(({ name, dims, floatData, rawData }) =>
      create(TensorProtoSchema, {
        ...{ name, dims, dataType: TensorProto_DataType.DOUBLE },
        doubleData: floatData.length > 0 ? floatData : [...new Float32Array(Uint8Array.from(rawData).buffer)],
      }),
    )
  return toBinary(ModelProtoSchema, model)
}

describe('a network in float64', () => {
  const options = { sizes: [3, 16, 12, 2], seed: 3 }
  const bytes = toDouble(buildMlp(options))

  test('has the codes of a forward pass in float64', async () => {
    const samples = Array.from({ length: 100 }, () => draw(3))
    const runner = await openNetwork(bytes, [0, 1])
    expect(runner.summary).toMatchObject({ inputType: 'float64', exactness: 'PIECEWISE_AFFINE' })
    const { preActivations } = await runner.run(Float32Array.from(samples.flat()), 100)
    await runner.close()
    const wanted = samples.map((sample) => forwardMlp(options, sample).preActivations)
    for (const layer of [0, 1])
      expect(Array.from(preActivations[layer], (value) => value > 0)).toEqual(
        wanted.flatMap((layers) => layers[layer].map((value) => value > 0)),
      )
  })

  test('has the same segments as in float32', async () => {
    const [from, to] = [Float64Array.from(draw(3)), Float64Array.from(draw(3))]
    const crossings = async (model: Uint8Array) => {
      const program = await openProgram(model)
      const ends = await endsOf(program, from, to, 1, 0)
      const [walk] = await walkSegments(program, { ends, segments: 1, fromLayer: 0, toLayer: 1 })
      await program.close()
      return walk.crossings
    }
    const found = await crossings(bytes)
    expect(found.length).toBeGreaterThan(3)
    expect(found).toEqual(await crossings(buildMlp(options)))
  })

  test('loses no sign to rounding', () => {
    expect([...fromFloat64(Float64Array.of(1e-300, -1e-300, 0, 0.1))]).toEqual([
      2 ** -149,
      -(2 ** -149),
      0,
      Math.fround(0.1),
    ])
  })
})
