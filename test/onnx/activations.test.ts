import { expect, it } from 'vitest'
import { openActivations } from '#atlas/compute/onnx/index.js'
import { CONV_NETS } from '../support/convNets.ts'
import { forwardNaive } from '../support/naive.ts'
import { buildMlp, buildModel, forwardMlp, node, uniform } from '../support/onnx.ts'

it('gives what the gates put out, by position and unit', async () => {
  const net = CONV_NETS[0]
  const gates = net.taps.map(([tap, unitAxis]) => {
    const gate = net.spec.nodes.find(({ op, inputs }) => /Relu$/.test(op) && inputs[0] === tap)
    if (!gate) throw new Error(`${tap} has no Relu`)
    return [gate.output, unitAxis] as const
  })
  const runner = await openActivations(
    buildModel(net.spec),
    gates.map((_, i) => i),
  )
  const random = uniform(8)
  const size = 2 * 5 * 4
  const samples = Float32Array.from({ length: 3 * size }, () => 2 * random() - 1)
  const outputs = await runner.run(samples, 3)
  await runner.close()
  gates.forEach(([output, unitAxis], layer) => {
    expect(unitAxis).toBe(1)
    const wanted = [0, 1, 2].flatMap((row) => {
      const tensor = forwardNaive(net.spec, samples.subarray(row * size, (row + 1) * size)).get(output)
      if (!tensor) throw new Error('no output')
      const [, units] = tensor.shape
      const positions = tensor.values.length / units
      return tensor.values.map((_, i) => tensor.values[(i % units) * positions + Math.floor(i / units)])
    })
    expect(outputs[layer]).toHaveLength(wanted.length)
    wanted.forEach((value, i) => expect(outputs[layer][i]).toBeCloseTo(value, 5))
  })
})

it('gives what a pool puts out, and layers in the order asked for', async () => {
  const bytes = buildModel({
    inputs: { x: ['N', 2, 2, 2] },
    initializers: {
      w: { shape: [2, 1], values: [1, -1] },
      same: { shape: [2, 2, 1, 1], values: [1, 0, 0, 1] },
    },
    nodes: [
      node('Conv', ['x', 'same'], 'pre'),
      node('Relu', ['pre'], 'on'),
      node('MaxPool', ['on'], 'pooled', { kernel_shape: [2n, 2n] }),
      node('Flatten', ['pooled'], 'flat'),
      node('MatMul', ['flat', 'w'], 'scores'),
    ],
    outputs: ['scores'],
  })
  const runner = await openActivations(bytes, [1, 0])
  const [pool, relu] = await runner.run(Float32Array.of(1, -2, 3, 4, -5, -6, -7, 8), 1)
  await runner.close()
  expect([...pool]).toEqual([4, 8])
  expect([...relu]).toEqual([1, 0, 0, 0, 3, 0, 4, 8])
})

it('gives 0 where a Relu is off, and refuses layers that there are not', async () => {
  const options = { sizes: [4, 6, 5, 2], seed: 3 }
  const runner = await openActivations(buildMlp(options), [0, 1])
  const sample = Float32Array.of(0.5, -0.25, 1, -1)
  const outputs = await runner.run(sample, 1)
  await runner.close()
  forwardMlp(options, sample).preActivations.forEach((layer, i) =>
    layer.forEach((value, unit) => expect(outputs[i][unit]).toBeCloseTo(Math.max(0, value), 5)),
  )
  await expect(openActivations(buildMlp(options), [2])).rejects.toMatchObject({ code: 'UNKNOWN_LAYER' })
})
