import { describe, expect, test } from 'vitest'
import { packGate } from '#atlas/compute/codes/index.js'
import { inspectNetwork, openNetwork } from '#atlas/compute/onnx/index.js'
import { gateNet, gateNets, gates, gemm, maxPool, reshape, type Pooling } from '../support/gateNets.ts'
import { buildModel, uniform, type ModelSpec } from '../support/onnx.ts'

/** The bits of some rows, one string a row: sites after each other, without the padding of their last bytes. */
function rowsOf(codes: Uint8Array, rows: number, sites: number, bits: number): string[] {
  const stride = Math.ceil(bits / 8)
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: sites * bits }, (_, i) => {
      const byte = codes[(row * sites + Math.floor(i / bits)) * stride + Math.floor((i % bits) / 8)]
      return Math.floor(byte / 2 ** ((i % bits) % 8)) % 2
    }).join(''),
  )
}

async function codesOf(model: Uint8Array, values: Float32Array, rows: number) {
  const { layers } = await inspectNetwork(model)
  const runner = await openNetwork(
    model,
    layers.map(({ index }) => index),
  )
  const { preActivations, scores } = await runner.run(values, rows)
  await runner.close()
  const packed = layers.map((layer, i) => packGate(preActivations[i], rows, layer))
  const codes = layers.map(({ unitCount, positionCount, bitsPerUnit }, i) =>
    rowsOf(packed[i].codes, rows, positionCount, unitCount * bitsPerUnit),
  )
  return { layers, packed, scores, preActivations, codes }
}

describe.each(Object.keys(gateNets))('%s', (name) => {
  test('has the codes of a float64 forward pass, but for what rounding decides', async () => {
    const net = gateNets[name](3, 11)
    const random = uniform(7)
    const rows = 500
    const values = Float32Array.from({ length: 3 * rows }, () => 4 * random() - 2)
    const { codes, packed, scores } = await codesOf(net.model, values, rows)
    let compared = 0
    for (let row = 0; row < rows; row++) {
      const { bits, scores: exact } = net.forward(values.subarray(3 * row, 3 * row + 3))
      const sites = (i: number) => packed[i].margins.length / rows
      const margins = packed.flatMap(({ margins }, i) => [
        ...margins.subarray(row * sites(i), (row + 1) * sites(i)),
      ])
      // A tensor less itself is exactly 0 always.
      if (margins.some((margin) => margin > 0 && margin < 1e-5)) continue
      compared++
      expect(codes.map((layer) => layer[row]).join('')).toBe(bits.join(''))
      exact.forEach((score, i) => expect(scores[3 * row + i]).toBeCloseTo(score, 4))
    }
    expect(compared).toBeGreaterThan(450)
  })
})

describe('the code of a gate is that of its own pre-activation, bit for bit', () => {
  const rows = 64
  const samples = (size: number) => {
    const random = uniform(size)
    // Quarters, so that many lie on a threshold and many entries are equal; 0 has one sign.
    return Float32Array.from({ length: rows * size }, () => Math.round(8 * random() - 4) / 4 + 0)
  }

  test.each([
    ['Clip', gates.clip('c', -0.5, 0.75), 2],
    ['Clip to a point', gates.clip('c', 0.25, 0.25), 2],
    ['Clip from below', gates.clipBelow('c', 0.25), 1],
    ['HardSigmoid', gates.hardSigmoid(0.5, 0.25), 2],
    ['falling HardSigmoid', gates.hardSigmoid(-0.5, 0.25), 2],
    ['ThresholdedRelu', gates.thresholdedRelu(), 1],
    ['Abs', gates.abs(), 1],
  ])('%s', async (_, gate, bits) => {
    const net = gateNet(9, [gate])
    const values = samples(9)
    const { codes, layers, packed } = await codesOf(net.model, values, rows)
    expect(layers[0]).toMatchObject({ unitCount: 9, positionCount: 1, bitsPerUnit: bits, exact: true })
    for (let row = 0; row < rows; row++) {
      expect(codes[0][row]).toBe(net.forward(values.subarray(9 * row, 9 * row + 9)).bits.join(''))
    }
    expect(packed[0].count).toBe(rows * 9 * bits)
  })

  const poolings: Pooling[] = [
    { channels: 3, height: 4, width: 5, kernel: [2, 2], strides: [2, 2] },
    { channels: 2, height: 5, width: 4, kernel: [3, 2], strides: [1, 2], pads: [1, 1, 1, 0] },
    { channels: 1, height: 5, width: 5, kernel: [2, 3], dilations: [2, 1] },
    { channels: 2, height: 5, width: 6, kernel: [2, 2], strides: [2, 4], ceilMode: true },
    { channels: 2, height: 5, width: 5, kernel: [3, 3], strides: [2, 2], autoPad: 'SAME_UPPER' },
    { channels: 2, height: 4, width: 5, kernel: [2, 2], strides: [1, 2], autoPad: 'SAME_LOWER' },
    { channels: 9, height: 1, width: 3, kernel: [1, 2] },
    { channels: 3, height: 2, width: 4, kernel: [2, 4], isGlobal: true },
    { channels: 1, height: 3, width: 3, kernel: [3, 3], isGlobal: true },
  ]

  test.each(poolings)('MaxPool %o', async (pooling) => {
    const { channels, height, width, kernel } = pooling
    const size = channels * height * width
    const net = gateNet(size, [reshape('in', channels, height, width), maxPool(pooling)])
    const values = samples(size)
    const { codes, layers, packed, scores } = await codesOf(net.model, values, rows)
    const [{ unitCount, positionCount, bitsPerUnit }] = layers
    expect(unitCount).toBe(channels)
    expect(bitsPerUnit).toBe(Math.ceil(Math.log2(kernel[0] * kernel[1])))
    const outputs = unitCount * positionCount
    for (let row = 0; row < rows; row++) {
      const expected = net.forward(values.subarray(size * row, size * (row + 1)))
      expect([...scores.subarray(row * outputs, (row + 1) * outputs)]).toEqual(expected.scores)
      expect(codes[0][row]).toBe(expected.bits.join(''))
    }
    for (const margin of packed[0].margins) expect(margin).toBeGreaterThan(0)
  })

  test('a window of equal entries has its first as winner and no boundary near', async () => {
    const random = uniform(1)
    const net = gateNet(2, [
      gemm('a', 2, 8, random),
      gates.relu(),
      reshape('in', 2, 2, 2),
      maxPool({ channels: 2, height: 2, width: 2, kernel: [2, 2] }),
    ])
    const { layers } = await inspectNetwork(net.model)
    // Channel 0 is all zeros, channel 1 has its third entry and an equal fourth.
    const pre = Float32Array.of(0, 0, 0, 0, 1, 0.5, 3, 3, 0, 0, 0, 0, 2, 2, 2, 2)
    const { codes, margins, absSum, count } = packGate(pre, 2, layers[1])
    expect([...codes]).toEqual([0b1000, 0])
    expect([...margins]).toEqual([2, Infinity])
    expect({ absSum, count }).toEqual({ absSum: 2, count: 1 })
  })

  test.each([NaN, Infinity, -Infinity])(
    '%s in a window or beside two thresholds is refused',
    async (value) => {
      const pool = gateNet(4, [
        reshape('in', 1, 2, 2),
        maxPool({ channels: 1, height: 2, width: 2, kernel: [2, 2] }),
      ])
      const clip = gateNet(4, [gates.clip('c', 0, 1)])
      for (const { model } of [pool, clip]) {
        const { layers } = await inspectNetwork(model)
        const pre = Float32Array.of(1, 2, 3, 4, 1, 2, value, 4)
        expect(() => packGate(pre, 2, layers[0])).toThrow(
          expect.objectContaining({
            code: 'NON_FINITE_ACTIVATION',
            message: expect.stringMatching(new RegExp(`2 (of row 1 )?is ${value}`)),
          }),
        )
      }
    },
  )
})

describe('gates that are none, or cannot be read', () => {
  const clip = (initializers: ModelSpec['initializers'], inputs: string[]): ModelSpec => ({
    initializers,
    nodes: [
      { op: 'Clip', name: 'six', inputs: ['x', ...inputs], output: 'y' },
      { op: 'Relu', inputs: ['y'], output: 'scores' },
    ],
    outputs: ['scores'],
  })

  test('a Clip without bounds and a MaxPool of one entry are no layers', async () => {
    const { layers } = await inspectNetwork(buildModel(clip({}, [])))
    expect(layers.map(({ operator }) => operator)).toEqual(['Relu'])
    const pool = gateNet(4, [
      gates.relu(),
      reshape('in', 1, 2, 2),
      maxPool({ channels: 1, height: 2, width: 2, kernel: [1, 1], strides: [2, 1] }),
    ])
    expect((await inspectNetwork(pool.model)).layers.map(({ operator }) => operator)).toEqual(['Relu'])
  })

  test.each([1, 2])('a GlobalMaxPool of one sample a run has %d channels', async (channels) => {
    const model = buildModel({
      inputs: { x: [6] },
      initializers: { image: { shape: [3], values: [1n, BigInt(channels), BigInt(6 / channels)] } },
      nodes: [
        { op: 'Reshape', inputs: ['x', 'image'], output: 'i' },
        { op: 'GlobalMaxPool', inputs: ['i'], output: 'scores' },
      ],
      outputs: ['scores'],
    })
    const { layers } = await inspectNetwork(model)
    expect(layers[0]).toMatchObject({ unitCount: channels, positionCount: 1 })
    expect(layers[0].gate).toMatchObject({ kind: 'WINDOWS', window: 6 / channels })
  })

  test('HardSwish has two bits and makes the network approximate', async () => {
    const model = buildModel({
      opset: 14,
      nodes: [{ op: 'HardSwish', name: 'swish', inputs: ['x'], output: 'scores' }],
      outputs: ['scores'],
    })
    const summary = await inspectNetwork(model)
    expect(summary.exactness).toBe('APPROXIMATE')
    expect(summary.layers[0]).toMatchObject({ exact: false, bitsPerUnit: 2 })
    const { codes } = packGate(Float32Array.of(-4, -3, 0, 3, 4), 5, {
      ...summary.layers[0],
      unitCount: 1,
      shape: [1],
    })
    expect([...codes]).toEqual([0, 0, 1, 1, 3])
  })

  test.each<[string, ModelSpec, string]>([
    [
      'a Clip to nothing',
      clip({ l: { shape: [], values: [1] }, h: { shape: [], values: [0] } }, ['l', 'h']),
      'The node "six" (op Clip) clips to [1, 0]',
    ],
    [
      'a Clip with a computed bound',
      {
        nodes: [
          { op: 'Identity', inputs: ['x'], output: 'bound' },
          { op: 'Clip', name: 'six', inputs: ['x', 'bound'], output: 'scores' },
        ],
        outputs: ['scores'],
      },
      'has a min that is computed',
    ],
    [
      'Max of three tensors',
      {
        initializers: { c: { shape: [3], values: [1, 2, 3] } },
        nodes: [{ op: 'Max', name: 'three', inputs: ['x', 'c', 'x'], output: 'scores' }],
        outputs: ['scores'],
      },
      'compares 3 tensors',
    ],
    [
      'a PRelu with computed slopes',
      {
        nodes: [{ op: 'PRelu', name: 'p', inputs: ['x', 'x'], output: 'scores' }],
        outputs: ['scores'],
      },
      'has slopes that are computed',
    ],
    [
      'a GlobalMaxPool of one place',
      {
        inputs: { x: ['N', 3, 1, 1] },
        nodes: [{ op: 'GlobalMaxPool', name: 'g', inputs: ['x'], output: 'scores' }],
        outputs: ['scores'],
      },
      'pools one place alone',
    ],
    [
      'a constant HardSigmoid',
      {
        nodes: [{ op: 'HardSigmoid', inputs: ['x'], output: 'scores', attributes: { alpha: 0 } }],
        outputs: ['scores'],
      },
      'has an alpha of 0',
    ],
  ])('%s is refused', async (_, spec, message) => {
    await expect(inspectNetwork(buildModel(spec))).rejects.toMatchObject({
      code: 'UNSUPPORTED_OPERATOR',
      message: expect.stringContaining(message),
    })
  })
})
