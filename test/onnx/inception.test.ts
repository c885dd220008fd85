import type { Tensor } from 'onnxruntime-node'
import { describe, expect, test } from 'vitest'
import { packGate } from '#atlas/compute/codes/index.js'
import { openProgram, statesBefore } from '#atlas/compute/geometry/index.js'
import { openNetwork } from '#atlas/compute/onnx/index.js'
import { buildModel, uniform, type NodeSpec, type TensorSpec } from '../support/onnx.ts'
import { arePositive, sampleTensors, tapGates } from '../support/taps.ts'

const SHAPE = [3, 12, 12]
const SAMPLES = 6

/** A stem and a block of InceptionV1: four branches over one input, of which one pools, joined by channels. */
function inception(normalised: boolean): Uint8Array {
  const random = uniform(12)
  const initializers: Record<string, TensorSpec> = {}
  const nodes: NodeSpec[] = []
  const draw = (...shape: number[]): TensorSpec => {
    const bound = Math.sqrt(3 / (shape.slice(1).reduce((a, b) => a * b, 1) || 1))
    const values = Array.from({ length: shape.reduce((a, b) => a * b) }, () =>
      Math.fround(bound * (2 * random() - 1)),
    )
    return { shape, values }
  }
  const conv = (from: string, to: string, inputs: number, outputs: number, kernel: number, stride = 1n) => {
    const pad = BigInt((kernel - 1) / 2)
    initializers[`${to}w`] = draw(outputs, inputs, kernel, kernel)
    initializers[`${to}b`] = draw(outputs)
    const attributes = { strides: [stride, stride], pads: [pad, pad, pad, pad] }
    nodes.push(
      { op: 'Conv', inputs: [from, `${to}w`, `${to}b`], output: `${to}p`, attributes },
      { op: 'Relu', name: to, inputs: [`${to}p`], output: to },
    )
  }
  const pool = (from: string, to: string, stride: bigint) => {
    const attributes = { kernel_shape: [3n, 3n], strides: [stride, stride], pads: [1n, 1n, 1n, 1n] }
    nodes.push({ op: 'MaxPool', name: to, inputs: [from], output: to, attributes })
  }
  conv('x', 'stem', 3, 6, 3)
  pool('stem', 'halved', 2n)
  if (normalised) {
    nodes.push({ op: 'LRN', name: 'norm', inputs: ['halved'], output: 'start', attributes: { size: 5n } })
  }
  const start = normalised ? 'start' : 'halved'
  conv(start, 'one', 6, 4, 1)
  conv(start, 'threeReduce', 6, 3, 1)
  conv('threeReduce', 'three', 3, 5, 3)
  conv(start, 'fiveReduce', 6, 2, 1)
  conv('fiveReduce', 'five', 2, 3, 5)
  pool(start, 'pooled', 1n)
  conv('pooled', 'poolProject', 6, 2, 1)
  const branches = ['one', 'three', 'five', 'poolProject']
  nodes.push(
    { op: 'Concat', inputs: branches, output: 'joined', attributes: { axis: 1n } },
    { op: 'GlobalAveragePool', inputs: ['joined'], output: 'mean' },
    { op: 'Flatten', inputs: ['mean'], output: 'flat' },
    { op: 'Gemm', inputs: ['flat', 'w', 'b'], output: 'scores' },
  )
  initializers.w = draw(14, 4)
  initializers.b = draw(4)
  return buildModel({ inputs: { x: ['N', ...SHAPE] }, initializers, nodes, outputs: ['scores'] })
}

const random = uniform(3)
const values = Float32Array.from({ length: SAMPLES * 3 * 144 }, () => 2 * random() - 1)

describe.each([false, true])('an InceptionV1 block, normalised: %s', (normalised) => {
  const bytes = inception(normalised)

  test('has the codes that its gates’ inputs have, bit for bit', async () => {
    const { gates, samples } = await tapGates(bytes, sampleTensors(values, [1, ...SHAPE]))
    const all = gates.map((_, layer) => layer)
    const runner = await openNetwork(bytes, all)
    const { preActivations } = await runner.run(values, SAMPLES)
    await runner.close()
    const { layers, approximations } = runner.summary
    expect(layers.map(({ name }) => name)).toEqual(gates.map(({ name }) => name))
    expect(approximations).toEqual(normalised ? ['The node "norm" (op LRN) is not piecewise affine.'] : [])
    for (const layer of all) {
      const { gate, unitCount, positionCount, bitsPerUnit } = layers[layer]
      const { codes } = packGate(preActivations[layer], SAMPLES, layers[layer])
      const stride = Math.ceil((unitCount * bitsPerUnit) / 8)
      samples.forEach((taps, row) => {
        const pooled = gate.kind === 'WINDOWS' ? winners(taps[layer], positionCount) : null
        const positive = pooled ? [] : arePositive(taps[layer])
        for (let position = 0; position < positionCount; position++) {
          for (let unit = 0; unit < unitCount; unit++) {
            const first = 8 * (row * positionCount + position) * stride + unit * bitsPerUnit
            let found = 0
            for (let bit = 0; bit < bitsPerUnit; bit++) {
              found |= ((codes[(first + bit) >> 3] >> ((first + bit) & 7)) & 1) << bit
            }
            const sign = Number(positive[unit * positionCount + position])
            const expected = pooled ? pooled[position * unitCount + unit] : sign
            expect(found).toBe(expected)
          }
        }
      })
    }
  })
})

test('an InceptionV1 block has exact geometry', async () => {
  const bytes = inception(false)
  const program = await openProgram(bytes)
  const states = await statesBefore(program, Float64Array.from(values), SAMPLES, program.parts.length)
  const scores = await program.scores.run(states, SAMPLES)
  await program.close()
  const runner = await openNetwork(bytes, [])
  const inFloat32 = await runner.run(values, SAMPLES)
  await runner.close()
  scores.forEach((score, i) => expect(Math.abs(score - inFloat32.scores[i])).toBeLessThan(1e-5))
})

/** The place of the greatest entry of each window of 3 x 3 with a padding of 1, position by position, then by channel. */
function winners({ data, dims }: Tensor, positions: number): number[] {
  const [, channels, height, width] = dims
  const side = Math.sqrt(positions)
  const stride = height / side
  return Array.from({ length: positions * channels }, (_, i) => {
    const [position, c] = [Math.floor(i / channels), i % channels]
    const [top, left] = [Math.floor(position / side) * stride - 1, (position % side) * stride - 1]
    let [best, most] = [-1, -Infinity]
    for (let k = 0; k < 9; k++) {
      const [y, x] = [top + Math.floor(k / 3), left + (k % 3)]
      if (y < 0 || y >= height || x < 0 || x >= width) continue
      const value = Number(data[(c * height + y) * width + x])
      if (value > most) [best, most] = [k, value]
    }
    return best
  })
}
