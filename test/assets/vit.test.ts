import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openProgram } from '#atlas/compute/geometry/index.js'
import { openNetwork } from '#atlas/compute/onnx/index.js'
import { uniform } from '../support/onnx.ts'
import { arePositive, sampleTensors, tapGates } from '../support/taps.ts'

const FILE = resolve('../shared/assets/vit/ibp_3_3_8.onnx')
const SIZE = 3 * 32 * 32
const SAMPLES = 10

describe.skipIf(!existsSync(FILE))('the vision transformer ibp_3_3_8', () => {
  const bytes = existsSync(FILE) ? readFileSync(FILE) : new Uint8Array()

  test('has a position a token, and the codes that its gates’ inputs have, bit for bit', async () => {
    const random = uniform(2)
    const values = Float32Array.from({ length: SAMPLES * SIZE }, random)
    const runner = await openNetwork(bytes, [0, 1, 2])
    const { preActivations } = await runner.run(values, SAMPLES)
    await runner.close()
    const { layers } = runner.summary
    expect(layers.map(({ unitCount, positionCount }) => [unitCount, positionCount])).toEqual([
      [96, 17],
      [96, 17],
      [96, 17],
    ])
    const { samples } = await tapGates(bytes, sampleTensors(values, [1, 3, 32, 32]))
    samples.forEach((taps, row) => {
      taps.forEach((tap, layer) => {
        expect(tap.dims).toEqual([1, 17, 96])
        const own = preActivations[layer].subarray(row * 17 * 96, (row + 1) * 17 * 96)
        expect(Array.from(own, (value) => value > 0)).toEqual(arePositive(tap))
      })
    })
  })

  test('is approximate for its attention', async () => {
    await expect(openProgram(bytes)).rejects.toMatchObject({
      code: 'NOT_PIECEWISE_AFFINE',
      message: expect.stringMatching(/op Softmax\) is not piecewise affine.*multiplies two tensors/),
    })
  })
})
