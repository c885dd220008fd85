import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Tensor } from 'onnxruntime-node'
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
import { uniform } from '../support/onnx.ts'
import { expectImage } from '../support/affineMaps.ts'
import { sampleTensors, tapGates } from '../support/taps.ts'
import { codesOfWalk } from '../support/walkCodes.ts'

const CIFAR = resolve('../shared/assets/cifar')
const SIZE = 3072

/** ReLU units as counted by the files' own shapes. */
const NETWORKS = [
  { file: 'cifar_base_kw', bits: 3172, channelsLast: false },
  { file: 'cifar10_small', bits: 2568, channelsLast: true },
  { file: 'resnet_2b', bits: 6244, channelsLast: false },
]

/** CIFAR-10 test images: one a line, its label and 32 x 32 pixels of three bytes. */
function imagesOf(channelsLast: boolean, count: number): Float32Array {
  const lines = readFileSync(join(CIFAR, 'eran_cifar10_test100.csv'), 'utf8').trim().split('\n')
  const images = new Float32Array(count * SIZE)
  lines.slice(0, count).forEach((line, row) => {
    const pixels = line.split(',').slice(1).map(Number)
    pixels.forEach((value, i) => {
      const at = channelsLast ? i : (i % 3) * 1024 + Math.floor(i / 3)
      images[row * SIZE + at] = value / 255
    })
  })
  return images
}

/** The bits of a tensor [1, channels, y, x] or [1, units], place by place, channel by channel. */
function slowBits({ dims, data }: Tensor): boolean[] {
  const [, channels, height = 1, width = 1] = dims
  const bits: boolean[] = []
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < channels; c++) bits.push(Number(data[(c * height + y) * width + x]) > 0)
    }
  }
  return bits
}

describe.skipIf(!existsSync(CIFAR)).each(NETWORKS)('$file', ({ file, bits, channelsLast }) => {
  const bytes = existsSync(CIFAR) ? readFileSync(join(CIFAR, `${file}.onnx`)) : new Uint8Array()
  const count = 20

  test('has the codes that its gates’ inputs have, bit for bit', async () => {
    const images = imagesOf(channelsLast, count)
    const dims = channelsLast ? [1, 32, 32, 3] : [1, 3, 32, 32]
    const { samples: slow } = await tapGates(bytes, sampleTensors(images, dims))
    const runner = await openNetwork(
      bytes,
      slow[0].map((_, layer) => layer),
    )
    const { preActivations } = await runner.run(images, count)
    await runner.close()
    let total = 0
    runner.summary.layers.forEach((info, layer) => {
      const { positionCount, unitCount } = info
      const packed = packGate(preActivations[layer], count, info)
      const stride = Math.ceil(unitCount / 8)
      for (let row = 0; row < count; row++) {
        const wanted = slowBits(slow[row][layer])
        const actual = wanted.map((_, bit) => {
          const site = row * positionCount + Math.floor(bit / unitCount)
          const unit = bit % unitCount
          return ((packed.codes[site * stride + (unit >>> 3)] >>> (unit & 7)) & 1) === 1
        })
        expect(actual).toEqual(wanted)
      }
      total += positionCount * unitCount
    })
    expect(total).toBe(bits)
  })

  test('is walked through every polytope that 2,000 samples of a segment find', async () => {
    const program = await openProgram(bytes)
    const last = program.parts.length - 1
    const [from, to] = twoImages(channelsLast)
    const ends = await endsOf(program, from, to, 1, 0)
    const [walk] = await walkSegments(program, { ends, segments: 1, fromLayer: 0, toLayer: last })
    const [code] = await tensorBits(program, from, 1)
    const codes = codesOfWalk(program, code, walk)
    expect(walk.regionCount).toBeGreaterThan(100)
    const points = new Float64Array(2000 * SIZE)
    for (let i = 0; i < points.length; i++) {
      const t = Math.floor(i / SIZE) / 1999
      points[i] = from[i % SIZE] + t * (to[i % SIZE] - from[i % SIZE])
    }
    const missing = (await tensorBits(program, points, 2000)).filter((sample) => !codes.has(sample.join('')))
    await program.close()
    expect(missing).toHaveLength(0)
  })

  test('has the affine map that it is inside of a region', async () => {
    const program = await openProgram(bytes)
    const last = program.parts.length - 1
    const [x] = twoImages(channelsLast)
    const [code] = await tensorBits(program, x, 1)
    const region = { fromLayer: 0, toLayer: last, bits: Uint8Array.from(code) }
    const map = await affineMapOf(program, region, await statesBefore(program, x, 1, 0))
    const random = uniform(4)
    let inside = 0
    for (let sample = 0; sample < 10; sample++) {
      const y = x.map((value) => value + 1e-5 * sample * (2 * random() - 1))
      if ((await tensorBits(program, y, 1))[0].join('') !== code.join('')) continue
      inside++
      const scores = await program.scores.run(await statesBefore(program, y, 1, last + 1), 1)
      expectImage(map, y, scores)
    }
    await program.close()
    expect(inside).toBeGreaterThan(1)
  })
})

function twoImages(channelsLast: boolean): [Float64Array, Float64Array] {
  const images = Float64Array.from(imagesOf(channelsLast, 2))
  return [images.slice(0, SIZE), images.slice(SIZE)]
}

/** The codes of some points by a float64 pass, read from the tensors channel by channel. */
async function tensorBits(program: Program, points: Float64Array, rows: number): Promise<number[][]> {
  const states: (Float64Array | undefined)[] = [points]
  const codes: number[][] = Array.from({ length: rows }, () => [])
  for (const [layer, part] of program.parts.entries()) {
    const pre = await part.run(states, rows)
    const { unitCount, positionCount } = program.summary.layers[layer]
    for (let row = 0; row < rows; row++) {
      for (let position = 0; position < positionCount; position++) {
        for (let unit = 0; unit < unitCount; unit++) {
          codes[row].push(Number(pre[row * part.size + unit * positionCount + position] > 0))
        }
      }
    }
    states[layer + 1] = pre.map((value) => Math.max(0, value))
  }
  return codes
}
