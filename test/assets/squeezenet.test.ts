import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { Tensor } from 'onnxruntime-node'
import { describe, expect, test } from 'vitest'
import { packGate } from '#atlas/compute/codes/index.js'
import { openProgram } from '#atlas/compute/geometry/index.js'
import { toFloat16 } from '#atlas/compute/onnx/float16.js'
import { openNetwork } from '#atlas/compute/onnx/index.js'
import { uniform } from '../support/onnx.ts'
import { arePositive, tapGates } from '../support/taps.ts'

const FILE = resolve('../shared/assets/vision/SqueezeNet_fp16.onnx')
const SIZE = 3 * 224 * 224
const SAMPLES = 2

describe.skipIf(!existsSync(FILE))('SqueezeNet 1.1 in float16', () => {
  const bytes = existsSync(FILE) ? readFileSync(FILE) : new Uint8Array()

  test('has the units of its file, and the codes that its gates’ inputs have, bit for bit', async () => {
    const random = uniform(1)
    const values = Float32Array.from({ length: SAMPLES * SIZE }, () => 255 * random() - 120)
    const runner = await openNetwork(bytes, [0, 7, 28])
    const { summary } = runner
    const { preActivations } = await runner.run(values, SAMPLES)
    await runner.close()
    const packed = [0, 7, 28].map((layer, i) => packGate(preActivations[i], SAMPLES, summary.layers[layer]))
    const relus = summary.layers.filter(({ operator }) => operator === 'Relu')
    expect(relus.reduce((sum, { unitCount, positionCount }) => sum + unitCount * positionCount, 0)).toBe(
      2_589_352,
    )
    expect(summary).toMatchObject({ batched: true, inputShape: [3, 224, 224] })
    const inputs = Array.from({ length: SAMPLES }, (_, row) => {
      const sample = values.subarray(row * SIZE, (row + 1) * SIZE)
      return new Tensor('float16', toFloat16(sample), [1, 3, 224, 224])
    })
    const { gates, samples } = await tapGates(bytes, inputs)
    expect(gates.map(({ input }) => input[0])).toEqual(summary.layers.map(({ tap }) => tap))
    for (let row = 0; row < SAMPLES; row++) {
      for (const [i, layer] of [0, 7, 28].entries()) {
        const { unitCount, positionCount } = summary.layers[layer]
        const wanted = arePositive(samples[row][layer])
        const stride = Math.ceil(unitCount / 8)
        let differing = 0
        for (let unit = 0; unit < unitCount; unit++) {
          for (let position = 0; position < positionCount; position++) {
            const byte = packed[i].codes[(row * positionCount + position) * stride + (unit >> 3)]
            const bit = ((byte >> (unit & 7)) & 1) === 1
            if (bit !== wanted[unit * positionCount + position]) differing++
          }
        }
        expect(wanted).toHaveLength(unitCount * positionCount)
        expect({ layer, differing }).toEqual({ layer, differing: 0 })
      }
    }
  })

  test('is approximate for its Softmax alone', async () => {
    await expect(openProgram(bytes)).rejects.toMatchObject({
      code: 'NOT_PIECEWISE_AFFINE',
      message: expect.stringMatching(
        /^[^.]*\. The node "softmaxout_1" \(op Softmax\) is not piecewise affine\.$/,
      ),
    })
  })
})
