import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { endsOf, openProgram, walkSegments, type SegmentWalk } from '#atlas/compute/geometry/index.js'
import { buildMlp, buildModel, forwardMlp, uniform, type MlpOptions } from '../support/onnx.ts'

const nets: MlpOptions[] = [
  { sizes: [2, 8, 3], seed: 1 },
  { sizes: [3, 12, 9, 7, 4], seed: 2 },
  { sizes: [5, 10, 10, 10, 10, 2], seed: 3, layout: 'column' },
  { sizes: [4, 16, 16, 3], seed: 4, leaky: 0.25 },
  { sizes: [1, 6, 5, 2], seed: 5, layout: 'fixed' },
]

/** Random end points, reproducible. */
function ends(inputs: number, count: number, seed: number, scale = 3) {
  const random = uniform(seed)
  const draw = () => Float64Array.from({ length: inputs * count }, () => scale * (2 * random() - 1))
  return { from: draw(), to: draw() }
}

function pointAt(from: Float64Array, to: Float64Array, t: number): number[] {
  return Array.from(from, (value, i) => value + t * (to[i] - value))
}

/** Every layer's bits at a point, by a forward pass of the test's own. */
function codeAt(net: MlpOptions, x: readonly number[]): string {
  return forwardMlp(net, x)
    .preActivations.map((layer) => layer.map((value) => Number(value > 0)).join(''))
    .join('|')
}

function argmax(scores: readonly number[]): number {
  return scores.indexOf(Math.max(...scores))
}

/** The begin and end of every piece. */
function pieces({ crossings }: SegmentWalk): [number, number][] {
  const cuts = [0, ...new Set(crossings.map(({ t }) => t)), 1]
  return cuts.slice(1).map((to, i) => [cuts[i], to])
}

async function walk(net: MlpOptions, from: Float64Array, to: Float64Array, fromLayer = 0, toLayer?: number) {
  const program = await openProgram(buildMlp(net))
  try {
    const segments = from.length / net.sizes[0]
    const last = toLayer ?? program.parts.length - 1
    const ends = await endsOf(program, from, to, segments, fromLayer)
    return await walkSegments(program, { ends, segments, fromLayer, toLayer: last })
  } finally {
    await program.close()
  }
}

describe.each(nets)('segments of $sizes (leaky $leaky, layout $layout)', (net) => {
  const inputs = net.sizes[0]
  const { from, to } = ends(inputs, 12, 7)
  const segment = (i: number) =>
    [from.slice(i * inputs, (i + 1) * inputs), to.slice(i * inputs, (i + 1) * inputs)] as const

  it('have one code inside every piece, and another in the next', async () => {
    const walks = await walk(net, from, to)
    walks.forEach((result, i) => {
      const [x, y] = segment(i)
      const codes = pieces(result).map(([a, b]) => codeAt(net, pointAt(x, y, (a + b) / 2)))
      expect(codes).toHaveLength(result.regionCount)
      codes.slice(1).forEach((code, piece) => expect(code).not.toBe(codes[piece]))
      for (const [piece, [a, b]] of pieces(result).entries()) {
        if (b - a < 1e-9) continue
        for (const share of [0.001, 0.3, 0.999]) {
          expect(codeAt(net, pointAt(x, y, a + share * (b - a)))).toBe(codes[piece])
        }
      }
    })
  })

  it('miss nothing that 2,000 samples find, in order', async () => {
    const walks = await walk(net, from, to)
    walks.forEach((result, i) => {
      const [x, y] = segment(i)
      const found = pieces(result).map(([a, b]) => codeAt(net, pointAt(x, y, (a + b) / 2)))
      let at = 0
      for (let sample = 0; sample <= 2000; sample++) {
        const code = codeAt(net, pointAt(x, y, sample / 2000))
        while (at < found.length && found[at] !== code) at++
        expect(at).toBeLessThan(found.length)
      }
    })
  })

  it('tell each crossing unit, its place and its direction', async () => {
    const walks = await walk(net, from, to)
    walks.forEach((result, i) => {
      const [x, y] = segment(i)
      for (const { t, layer, unit, position, turnsOn } of result.crossings) {
        expect(position).toBe(0)
        const at = forwardMlp(net, pointAt(x, y, t)).preActivations[layer][unit]
        expect(Math.abs(at)).toBeLessThan(1e-9)
        const after = forwardMlp(net, pointAt(x, y, t + 1e-7)).preActivations[layer][unit]
        expect(after > 0).toBe(turnsOn)
      }
      const flips = result.crossings.map(({ layer, unit }) => `${layer}/${unit}`)
      const odd = [...new Set(flips)].filter(
        (flip) => flips.filter((other) => other === flip).length % 2 === 1,
      )
      expect(result.endpointHammingDistance).toBe(odd.length)
    })
  })

  it('tell the predicted label everywhere', async () => {
    const walks = await walk(net, from, to)
    walks.forEach(({ predictions }, i) => {
      const [x, y] = segment(i)
      expect(predictions[0].from).toBe(0)
      expect(predictions[predictions.length - 1].to).toBe(1)
      predictions.slice(1).forEach((run, j) => {
        expect(run.from).toBe(predictions[j].to)
        expect(run.label).not.toBe(predictions[j].label)
      })
      for (let sample = 0; sample <= 500; sample++) {
        const t = sample / 500
        const run = predictions.find(({ from, to }) => from <= t && t <= to)
        const scores = forwardMlp(net, pointAt(x, y, t)).scores
        const best = scores[argmax(scores)]
        expect(best - scores[run?.label ?? -1]).toBeLessThan(1e-9)
      }
    })
  })

  it('are the same alone and backwards', async () => {
    const walks = await walk(net, from, to)
    const [x, y] = segment(3)
    expect(await walk(net, x, y)).toEqual([walks[3]])
    const [back] = await walk(net, y, x)
    expect(back.regionCount).toBe(walks[3].regionCount)
    expect(back.length).toBe(walks[3].length)
    back.crossings.reverse().forEach(({ t, layer, unit, turnsOn }, i) => {
      const crossing = walks[3].crossings[i]
      expect([layer, unit, turnsOn]).toEqual([crossing.layer, crossing.unit, !crossing.turnsOn])
      expect(1 - t).toBeCloseTo(crossing.t, 9)
    })
  })
})

describe('spans of layers', () => {
  const net = nets[1]
  const { from, to } = ends(3, 6, 11)

  it('count the boundaries of their layers alone', async () => {
    const whole = await walk(net, from, to)
    const middle = await walk(net, from, to, 0, 1)
    middle.forEach(({ crossings, predictions }, i) => {
      expect(crossings).toEqual(whole[i].crossings.filter(({ layer }) => layer <= 1))
      expect(predictions).toEqual(whole[i].predictions)
    })
  })

  it('from a later layer on walk straight between the activations', async () => {
    const walks = await walk(net, from, to, 1, 2)
    walks.forEach(({ crossings, length }, i) => {
      const hidden = [from, to].map((points) =>
        forwardMlp(net, points.slice(3 * i, 3 * i + 3)).preActivations[0].map((value) => Math.max(0, value)),
      )
      expect(length).toBeCloseTo(Math.hypot(...hidden[0].map((value, j) => value - hidden[1][j])), 9)
      expect(crossings.every(({ layer }) => layer >= 1 && layer <= 2)).toBe(true)
    })
  })
})

describe('closed forms', () => {
  it('a line meets every hyperplane of one layer at most once, where the two sides differ', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 40 }),
        fc.nat(),
        async (d, n, seed) => {
          const net = { sizes: [d, n, 2], seed }
          const { from, to } = ends(d, 3, seed + 1)
          const walks = await walk(net, from, to)
          walks.forEach(({ regionCount, endpointHammingDistance }, i) => {
            const bits = [from, to].map((points) =>
              forwardMlp(net, points.slice(i * d, (i + 1) * d)).preActivations[0].map((value) => value > 0),
            )
            const differing = bits[0].filter((bit, unit) => bit !== bits[1][unit]).length
            expect(endpointHammingDistance).toBe(differing)
            expect(regionCount).toBe(differing + 1)
          })
        },
      ),
      { numRuns: 30 },
    )
  })

  it('a hat of three units is met where it bends', async () => {
    // relu(x) - 2 relu(x - 1) + relu(x - 2), then above 1/2?: bends at 0, 1, 2; crosses 1/2 at 1/2 and 3/2.
    const model = buildModel({
      inputs: { x: ['N', 1] },
      initializers: {
        w0: { shape: [1, 3], values: [1, 1, 1] },
        b0: { shape: [3], values: [0, -1, -2] },
        w1: { shape: [3, 1], values: [1, -2, 1] },
        b1: { shape: [1], values: [-0.5] },
      },
      nodes: [
        { op: 'Gemm', inputs: ['x', 'w0', 'b0'], output: 'pre0' },
        { op: 'Relu', inputs: ['pre0'], output: 'post0' },
        { op: 'Gemm', inputs: ['post0', 'w1', 'b1'], output: 'pre1' },
        { op: 'Relu', inputs: ['pre1'], output: 'y' },
      ],
      outputs: ['y'],
    })
    const program = await openProgram(model)
    const [{ crossings, regionCount, length }] = await walkSegments(program, {
      ends: [Float64Array.of(-1, 3)],
      segments: 1,
      fromLayer: 0,
      toLayer: 1,
    })
    await program.close()
    const on = (t: number, layer: number, unit: number, turnsOn: boolean) => ({
      t,
      layer,
      unit,
      position: 0,
      bit: 0,
      turnsOn,
    })
    expect(crossings).toEqual([
      on(0.25, 0, 0, true),
      on(0.375, 1, 0, true),
      on(0.5, 0, 1, true),
      on(0.625, 1, 0, false),
      on(0.75, 0, 2, true),
    ])
    expect({ regionCount, length }).toEqual({ regionCount: 6, length: 4 })
  })
})

describe('degenerate segments', () => {
  const net = nets[0]

  it('of no length are one region', async () => {
    const x = Float64Array.of(0.3, -0.7)
    const [{ length, regionCount, crossings, endpointHammingDistance, predictions }] = await walk(net, x, x)
    expect({ length, regionCount, crossings, endpointHammingDistance }).toEqual({
      length: 0,
      regionCount: 1,
      crossings: [],
      endpointHammingDistance: 0,
    })
    expect(predictions).toEqual([{ from: 0, to: 1, label: argmax(forwardMlp(net, x).scores) }])
  })

  it('along a boundary, through a corner, and with dead and equal units end well', async () => {
    // Units: x, y, x (again), -1 (dead), 0 (on its threshold everywhere).
    const model = buildModel({
      inputs: { x: ['N', 2] },
      initializers: {
        w0: { shape: [2, 5], values: [1, 0, 1, 0, 0, 0, 1, 0, 0, 0] },
        b0: { shape: [5], values: [0, 0, 0, -1, 0] },
      },
      nodes: [
        { op: 'Gemm', inputs: ['x', 'w0', 'b0'], output: 'pre0' },
        { op: 'Relu', inputs: ['pre0'], output: 'y' },
      ],
      outputs: ['y'],
    })
    const program = await openProgram(model)
    const lines = [
      [-1, -1, 1, 1], // through the corner: three units at once
      [0, -1, 0, 1], // along x = 0
      [0, 0, 1, 0], // from the corner along y = 0
      [-1, 0, 0, 0], // to the corner
    ]
    const walks = await walkSegments(program, {
      ends: [Float64Array.from(lines.flat())],
      segments: 4,
      fromLayer: 0,
      toLayer: 0,
    })
    await program.close()
    expect(walks.map(({ crossings }) => crossings.map(({ t, unit }) => [t, unit]))).toEqual([
      [
        [0.5, 0],
        [0.5, 1],
        [0.5, 2],
      ],
      [[0.5, 1]],
      [],
      [],
    ])
    expect(walks.map(({ regionCount }) => regionCount)).toEqual([2, 2, 1, 1])
  })
})

it('residual sums are walked as well', async () => {
  // y = relu(pre1) with pre1 = W1 relu(W0 x + b0) + x: the input is read twice.
  const random = uniform(21)
  const draw = (length: number) => Array.from({ length }, () => Math.fround(2 * random() - 1))
  const [w0, b0, w1] = [draw(9), draw(3), draw(9)]
  const model = buildModel({
    initializers: {
      w0: { shape: [3, 3], values: w0 },
      b0: { shape: [3], values: b0 },
      w1: { shape: [3, 3], values: w1 },
    },
    nodes: [
      { op: 'Gemm', inputs: ['x', 'w0', 'b0'], output: 'pre0' },
      { op: 'Relu', inputs: ['pre0'], output: 'post0' },
      { op: 'MatMul', inputs: ['post0', 'w1'], output: 'branch' },
      { op: 'Add', inputs: ['branch', 'x'], output: 'pre1' },
      { op: 'Relu', inputs: ['pre1'], output: 'y' },
    ],
    outputs: ['y'],
  })
  const times = (x: readonly number[], w: readonly number[]) =>
    [0, 1, 2].map((j) => x.reduce((sum, value, i) => sum + value * w[i * 3 + j], 0))
  const bits = (x: readonly number[]) => {
    const pre0 = times(x, w0).map((value, j) => value + b0[j])
    const pre1 = times(
      pre0.map((value) => Math.max(0, value)),
      w1,
    ).map((value, j) => value + x[j])
    return [...pre0, ...pre1].map((value) => value > 0).join()
  }
  const { from, to } = ends(3, 8, 5)
  const program = await openProgram(model)
  const ends8 = await endsOf(program, from, to, 8, 0)
  const walks = await walkSegments(program, { ends: ends8, segments: 8, fromLayer: 0, toLayer: 1 })
  await program.close()
  walks.forEach((result, i) => {
    const [x, y] = [from.slice(3 * i, 3 * i + 3), to.slice(3 * i, 3 * i + 3)]
    const codes = pieces(result).map(([a, b]) => bits(pointAt(x, y, (a + b) / 2)))
    const sampled = Array.from({ length: 2001 }, (_, s) => bits(pointAt(x, y, s / 2000)))
    expect(sampled.filter((code) => !codes.includes(code))).toEqual([])
    codes.slice(1).forEach((code, piece) => expect(code).not.toBe(codes[piece]))
  })
})
