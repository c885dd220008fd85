import { describe, expect, test } from 'vitest'
import {
  affineMapOf,
  endsOf,
  openProgram,
  statesBefore,
  walkSegments,
} from '#atlas/compute/geometry/index.js'
import { inspectNetwork, openNetwork } from '#atlas/compute/onnx/index.js'
import {
  integers,
  node,
  uniform,
  type AttributeSpec,
  type NodeSpec,
  type TensorSpec,
} from '../support/onnx.ts'
import { inCodeOrder } from '../support/codeOrder.ts'
import { count, RESIZE_NETS, resizeModel, scales } from '../support/resizeNets.ts'

describe.each(RESIZE_NETS)('a network with $name', (net) => {
  const random = uniform(9)
  const draw = (length: number) => Array.from({ length }, () => Math.fround(2 * random() - 1))
  const model = resizeModel(net, draw)
  const size = count(net.shape)
  const [units, ...places] = net.resized
  const positions = count(places)

  test('computes in float64 what ONNX Runtime computes in float32, channels as units', async () => {
    const values = Float32Array.from(draw(5 * size))
    const runner = await openNetwork(model, [1])
    const { preActivations, scores } = await runner.run(values, 5)
    await runner.close()
    const { layers, ...summary } = runner.summary
    expect(summary).toMatchObject({ batched: true, exactness: 'PIECEWISE_AFFINE' })
    expect(layers[1]).toMatchObject({ shape: net.resized, unitCount: units, positionCount: positions })
    const program = await openProgram(model)
    const states = await statesBefore(program, Float64Array.from(values), 5, 3)
    const pre = await program.parts[1].run(await statesBefore(program, Float64Array.from(values), 5, 1), 5)
    const own = await program.scores.run(states, 5)
    await program.close()
    expect(pre).toHaveLength(5 * units * positions)
    preActivations[0].forEach((value, i) => expect(Math.abs(pre[i] - value)).toBeLessThan(2e-6))
    scores.forEach((score, i) => {
      expect(Math.abs(own[i] - score)).toBeLessThan(5e-5)
    })
  })

  test('has the codes of ONNX Runtime along a segment, and its scores by the affine map', async () => {
    const [from, to] = [Float64Array.from(draw(size)), Float64Array.from(draw(size))]
    const program = await openProgram(model)
    const ends = await endsOf(program, from, to, 1, 0)
    const [{ crossings }] = await walkSegments(program, { ends, segments: 1, fromLayer: 0, toLayer: 2 })
    const cuts = [0, ...new Set(crossings.map(({ t }) => t)), 1]
    // Shorter pieces hang on the rounding of float32.
    const middles = cuts
      .slice(1)
      .flatMap((end, i) => (end - cuts[i] > 1e-4 ? [{ after: cuts[i], t: (cuts[i] + end) / 2 }] : []))
    expect(middles.length).toBeGreaterThan(3)
    const points = middles.map(({ t }) => from.map((value, i) => Math.fround(value + t * (to[i] - value))))
    const runner = await openNetwork(model, [0, 1, 2])
    const run = await runner.run(Float32Array.from(points.flatMap((point) => [...point])), points.length)
    await runner.close()
    const { layers } = runner.summary
    const widths = layers.map(({ unitCount, positionCount }) => unitCount * positionCount)
    const codes = points.map((_, row) =>
      run.preActivations.map((pre, layer) =>
        Array.from(
          inCodeOrder(runner, layer, pre.subarray(row * widths[layer], (row + 1) * widths[layer])),
          (value) => value > 0,
        ),
      ),
    )
    const expected = codes[0].map((bits) => [...bits])
    middles.forEach(({ t }, row) => {
      const since = row === 0 ? t : middles[row - 1].t
      for (const crossing of crossings.filter((one) => one.t > since && one.t < t)) {
        const { layer, unit, position, turnsOn } = crossing
        expected[layer][position * layers[layer].unitCount + unit] = turnsOn
      }
      expect(codes[row]).toEqual(expected)
    })
    const at = await statesBefore(program, points[1], 1, 0)
    const bits = Uint8Array.from(codes[1].flat(), Number)
    const { matrix, bias } = await affineMapOf(program, { fromLayer: 0, toLayer: 2, bits }, at)
    await program.close()
    bias.forEach((start, row) => {
      const own = points[1].reduce((sum, value, i) => sum + matrix[row * size + i] * value, start)
      expect(Math.abs(own - run.scores[3 + row])).toBeLessThan(5e-5)
    })
  })
})

describe('what is not taken as affine', () => {
  const [{ shape, resized }] = RESIZE_NETS
  const random = uniform(4)
  const inspect = (resize: NodeSpec[], constants: Record<string, TensorSpec>) =>
    inspectNetwork(
      resizeModel({ name: '', shape, opset: 18, resize, constants, resized }, (length) =>
        Array.from({ length }, random),
      ),
    )

  test.each<Record<string, AttributeSpec>>([
    { antialias: 1n, mode: 'linear' },
    { coordinate_transformation_mode: 'tf_crop_and_resize', extrapolation_value: 3 },
  ])('%s has codes, and says why it has no exact geometry', async (attributes) => {
    const { exactness, approximations } = await inspect(
      [node('Resize', ['r', 'roi', 'scales'], 'z', attributes)],
      { roi: scales(0, 0, 0, 0, 1, 1, 0.5, 1), scales: scales(1, 1, 2, 2) },
    )
    expect(exactness).toBe('APPROXIMATE')
    expect(approximations).toEqual([
      'The node "z" (op Resize) is not taken as an affine map: it crops what it resizes (tf_crop_and_resize), or ' +
        'smooths what it shrinks (antialias). Export the network without either.',
    ])
  })

  test('scales that are computed from the input', async () => {
    const { approximations } = await inspect(
      [
        node('ReduceMean', ['r', 'all'], 'mean', { keepdims: 0n }),
        node('Slice', ['mean', 'zero', 'one'], 'first'),
        node('Mul', ['first', 'none'], 'nothing'),
        node('Add', ['nothing', 'twice'], 'scales'),
        node('Resize', ['r', '', 'scales'], 'z'),
      ],
      {
        all: integers(1n, 2n, 3n),
        zero: integers(0n),
        one: integers(1n),
        none: scales(0, 0, 0, 0),
        twice: scales(1, 1, 2, 2),
      },
    )
    expect(approximations).toEqual([
      'The node "z" (op Resize) is affine only where its operand "scales" is constant, but that depends on the input.',
    ])
  })
  test('linear along the one axis of [batch, channels, length], which rounds a sample by its place in the batch', async () => {
    const net = {
      name: '',
      shape: [2, 4],
      opset: 13,
      constants: { scales: scales(1, 1, 2.5) },
      resize: [node('Resize', ['r', '', 'scales'], 'z', { mode: 'linear' })],
      resized: [2, 10],
    }
    const model = resizeModel(net, (length) => Array.from({ length }, random))
    expect(await inspectNetwork(model)).toMatchObject({ batched: false, exactness: 'PIECEWISE_AFFINE' })
    await expect(openProgram(model)).rejects.toMatchObject({
      code: 'NOT_PIECEWISE_AFFINE',
      message: expect.stringContaining('one sample a run only'),
    })
  })
})
