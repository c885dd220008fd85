import { clearField, fromBinary, toBinary } from '@bufbuild/protobuf'
import fc from 'fast-check'
import { ModelProtoSchema, TensorProto_DataType, TensorProtoSchema } from 'onnx-buf'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { describe, expect, test } from 'vitest'
import { openProgram, statesBefore } from '#atlas/compute/geometry/index.js'
import { widenHalf } from '#atlas/compute/kernels/index.js'
import { toFloat16 } from '#atlas/compute/onnx/float16.js'
import { openNetwork } from '#atlas/compute/onnx/index.js'
import { buildMlp, forwardMlp, mlpWeights, uniform } from '../support/onnx.ts'

/** The finite float16 numbers from 0 on, by their bits: 1024 steps of 2^-24, then 1024 of twice the step each time. */
const SIZES = Array.from({ length: 31 * 1024 }, (_, bits) => {
  const octave = bits >> 10
  const fraction = bits % 1024
  return octave === 0 ? fraction / 2 ** 24 : (1 + fraction / 1024) * 2 ** (octave - 15)
})

/** Found by search: the nearest, of two as near the one with even bits. */
function nearestBits(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0
  const size = Math.abs(value)
  // What is nearer to the next power of two than to the greatest number is infinite.
  if (size >= 65520) return sign | 0x7c00
  let [low, high] = [0, SIZES.length]
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (SIZES[middle] <= size) low = middle
    else high = middle
  }
  const below = size - SIZES[low]
  const above = (SIZES[low + 1] ?? 65536) - size
  return sign | (below < above || (below === above && low % 2 === 0) ? low : low + 1)
}

describe('float16', () => {
  test('widens every number exactly, and narrows it back', () => {
    const bits = Uint16Array.from({ length: 2 ** 16 }, (_, i) => i)
    const values = widenHalf(bits)
    SIZES.forEach((size, i) => {
      expect(values[i]).toBe(size)
      expect(values[i | 0x8000]).toBe(-size)
    })
    expect([...values.subarray(0x7c00, 0x7c02)]).toEqual([Infinity, NaN])
    expect(values[0xfc00]).toBe(-Infinity)
    const back = toFloat16(values)
    for (let i = 0; i < bits.length; i++) {
      if (!Number.isNaN(values[i])) expect(back[i]).toBe(i)
      else expect(back[i] & 0x7fff).toBe(0x7e00)
    }
  })

  test('narrows to the nearest, ties to even', () => {
    const halfWay = fc.nat({ max: SIZES.length - 2 }).map((i) => (SIZES[i] + SIZES[i + 1]) / 2)
    const any = fc.float({ noNaN: true, noDefaultInfinity: true })
    const small = fc.float({ min: Math.fround(-1e-4), max: Math.fround(1e-4), noNaN: true })
    fc.assert(
      fc.property(fc.oneof(halfWay, any, small), fc.boolean(), (size, minus) => {
        const value = Math.fround(minus ? -size : size)
        expect(toFloat16(Float32Array.of(value))[0]).toBe(nearestBits(value))
      }),
      { numRuns: 5000 },
    )
    expect([...toFloat16(Float32Array.of(65519, 65520, -1e30, Infinity))]).toEqual([
      0x7bff, 0x7c00, 0xfc00, 0x7c00,
    ])
  })
})

describe('a network in float16', () => {
  const sizes = [5, 9, 8, 3]
  const model = halved(buildMlp({ sizes, seed: 3 }))

  test('has the codes that its gates’ inputs have, bit for bit', async () => {
    const samples = 30
    const random = uniform(4)
    const values = Float32Array.from({ length: samples * 5 }, () => 2 * random() - 1)
    const runner = await openNetwork(model, [0, 1])
    expect(runner.summary).toMatchObject({ batched: true, exactness: 'PIECEWISE_AFFINE' })
    expect(runner.summary.parameterCount).toBe(5 * 9 + 9 + 9 * 8 + 8 + 8 * 3 + 3)
    const { preActivations, scores } = await runner.run(values, samples)
    await runner.close()
    const taps = await tapped(model, Uint16Array.from(values, nearestBits), samples)
    ;[...preActivations, scores].forEach((found, i) => {
      // A float16 number is positive where its bits are between 0 and infinity's.
      const wanted = Array.from(taps[i], (bits) => bits > 0 && bits <= 0x7c00)
      expect(Array.from(found, (value) => value > 0)).toEqual(wanted)
      expect([...toFloat16(found)]).toEqual([...taps[i]])
    })
  })

  test('has exact geometry in float64, with its weights as they are stored', async () => {
    const weights = mlpWeights({ sizes, seed: 3 }).map((layer) => ({
      ...layer,
      weights: layer.weights.map(rounded),
      bias: layer.bias.map(rounded),
    }))
    const x = Float64Array.of(0.5, -0.25, 0.125, 1, -1)
    const program = await openProgram(model)
    const states = await statesBefore(program, x, 1, 2)
    const scores = await program.scores.run(states, 1)
    await program.close()
    const wanted = forwardMlp({ sizes, weights }, x).scores
    wanted.forEach((score, i) => expect(scores[i]).toBeCloseTo(score, 12))
  })
})

function rounded(value: number): number {
  const bits = nearestBits(value)
  return bits & 0x8000 ? -SIZES[bits & 0x7fff] : SIZES[bits]
}

/** The same network with its input and weights in float16, raw for one tensor and as a list for the next. */
function halved(bytes: Uint8Array): Uint8Array {
  const model = fromBinary(ModelProtoSchema, bytes)
  for (const { type } of model.graph?.input ?? []) {
    if (type?.value.case === 'tensorType') type.value.value.elemType = TensorProto_DataType.FLOAT16
  }
  model.graph?.initializer.forEach((tensor, i) => {
    const bits = Uint16Array.from(new Float32Array(tensor.rawData.slice().buffer), nearestBits)
    tensor.dataType = TensorProto_DataType.FLOAT16
    tensor.rawData = new Uint8Array(bits.buffer)
    if (i % 2 === 0) return
    clearField(tensor, TensorProtoSchema.field.rawData)
    tensor.int32Data = [...bits]
  })
  return toBinary(ModelProtoSchema, model)
}

/** The pre-activations and scores of the file's own graph, with these tensors put out. */
async function tapped(bytes: Uint8Array, values: Uint16Array, samples: number): Promise<Uint16Array[]> {
  const model = fromBinary(ModelProtoSchema, bytes)
  const names = ['pre0', 'pre1', 'scores']
  const [output] = model.graph?.output ?? []
  for (const name of names.slice(0, 2)) model.graph?.output.push({ ...output, name })
  const session = await InferenceSession.create(toBinary(ModelProtoSchema, model))
  const results = await session.run({ x: new Tensor('float16', values, [samples, values.length / samples]) })
  await session.release()
  return names.map((name) => {
    const { data } = results[name]
    if (!(data instanceof Uint16Array)) throw new TypeError(`${name} is not float16`)
    return data
  })
}
