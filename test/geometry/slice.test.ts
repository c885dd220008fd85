import { describe, expect, it } from 'vitest'
import { cutSlice, openProgram, statesBefore, type Place, type Slice } from '#atlas/compute/geometry/index.js'
import { buildMlp, forwardMlp, mlpWeights, uniform, type MlpOptions } from '../support/onnx.ts'

const nets: MlpOptions[] = [
  { sizes: [2, 8, 3], seed: 1 },
  { sizes: [3, 12, 9, 7, 4], seed: 2 },
  { sizes: [5, 10, 10, 10, 2], seed: 3, layout: 'column' },
  { sizes: [4, 16, 16, 3], seed: 4, leaky: 0.25 },
]

interface Frame {
  origin: number[]
  u: number[]
  v: number[]
}

function frameOf(inputs: number, seed: number): Frame {
  const random = uniform(seed)
  const draw = (scale: number) => Array.from({ length: inputs }, () => scale * (2 * random() - 1))
  return { origin: draw(1), u: draw(4), v: draw(4) }
}

const at = ({ origin, u, v }: Frame, [a, b]: Place) => origin.map((value, i) => value + a * u[i] + b * v[i])

const codeAt = (net: MlpOptions, x: readonly number[]) =>
  forwardMlp(net, x)
    .preActivations.flat()
    .map((value) => Number(value > 0))
    .join('')

async function slice(net: MlpOptions, frame: Frame, limits: { toLayer?: number; maxRegions?: number } = {}) {
  const program = await openProgram(buildMlp(net))
  try {
    const corners: Place[] = [
      [0, 0],
      [1, 0],
      [1, 1],
      [0, 1],
    ]
    const points = Float64Array.from(corners.flatMap((corner) => at(frame, corner)))
    return await cutSlice(program, {
      corners: await statesBefore(program, points, 4, 0),
      fromLayer: 0,
      toLayer: limits.toLayer ?? program.parts.length - 1,
      maxRegions: limits.maxRegions ?? 100_000,
    })
  } finally {
    await program.close()
  }
}

/** Twice the signed area (shoelace formula). */
function area2(loop: readonly Place[]): number {
  return loop.reduce((sum, [x, y], i) => {
    const [nextX, nextY] = loop[(i + 1) % loop.length]
    return sum + x * nextY - nextX * y
  }, 0)
}

function inside(loop: readonly Place[], [x, y]: Place): boolean {
  return loop.every(([ax, ay], i) => {
    const [bx, by] = loop[(i + 1) % loop.length]
    return (bx - ax) * (y - ay) - (by - ay) * (x - ax) >= -1e-12
  })
}

function edgesOf({ polygons }: Slice): Map<string, number> {
  const edges = new Map<string, number>()
  for (const { vertices } of polygons) {
    vertices.forEach((from, i) => {
      const key = [from, vertices[(i + 1) % vertices.length]].map(String).sort().join(' ')
      edges.set(key, (edges.get(key) ?? 0) + 1)
    })
  }
  return edges
}

describe.each(nets)('a slice of $sizes (leaky $leaky)', (net) => {
  const frame = frameOf(net.sizes[0], 17)

  it('fills the parallelogram with polygons that share their edges', async () => {
    const cut = await slice(net, frame)
    expect(cut.complete).toBe(true)
    const areas = cut.polygons.map(({ vertices }) => area2(vertices) / 2)
    areas.forEach((area) => expect(area).toBeGreaterThan(-1e-15))
    expect(areas.reduce((sum, area) => sum + area, 0)).toBeCloseTo(1, 12)
    const onBorder = (place: string) => /(^|,)(0|1)(,|$)/.test(place)
    for (const [edge, faces] of edgesOf(cut)) {
      const border = edge.split(' ').every(onBorder) && faces === 1
      if (!border) expect(faces).toBe(2)
    }
    // Euler's relation of a disk.
    const vertices = new Set(cut.polygons.flatMap(({ vertices }) => vertices.map(String)))
    expect(vertices.size - edgesOf(cut).size + cut.polygons.length).toBe(1)
  })

  it('has a code of its own in every polygon: that of the network at 2,000 places', async () => {
    const cut = await slice(net, frame)
    const codes = cut.polygons.map(({ bits }) => bits.join(''))
    expect(new Set(codes).size).toBe(codes.length)
    const random = uniform(23)
    for (let sample = 0; sample < 2000; sample++) {
      const place: Place = [random(), random()]
      const code = codeAt(net, at(frame, place))
      expect(codes).toContain(code)
      const polygon = cut.polygons[codes.indexOf(code)]
      expect(inside(polygon.vertices, place)).toBe(true)
    }
  })

  it('draws the decision boundary where labels change, and nowhere else', async () => {
    const { decisionBoundary, polygons } = await slice(net, frame)
    const scoresAt = (place: Place) => forwardMlp(net, at(frame, place)).scores
    for (const { from, to, labelA, labelB } of decisionBoundary) {
      const scores = scoresAt([(from[0] + to[0]) / 2, (from[1] + to[1]) / 2])
      const best = Math.max(...scores)
      expect(labelA).toBeLessThan(labelB)
      expect(best - scores[labelA]).toBeLessThan(1e-9)
      expect(best - scores[labelB]).toBeLessThan(1e-9)
    }
    const random = uniform(29)
    const labelAt = (place: Place) => {
      const scores = scoresAt(place)
      return scores.indexOf(Math.max(...scores))
    }
    for (let line = 0; line < 20; line++) {
      const v = random()
      let changes = 0
      for (let i = 0, label = labelAt([0, v]); i <= 4000; i++) {
        const next = labelAt([i / 4000, v])
        if (next !== label) changes++
        label = next
      }
      const met = decisionBoundary.filter(({ from, to }) => from[1] < v !== to[1] < v).length
      expect(met).toBeGreaterThanOrEqual(changes)
      expect((met - changes) % 2).toBe(0)
    }
    for (const { vertices, prediction } of polygons) {
      const mean = (axis: 0 | 1) => vertices.reduce((sum, place) => sum + place[axis], 0) / vertices.length
      const scores = scoresAt([mean(0), mean(1)])
      expect(Math.max(...scores) - scores[prediction]).toBeLessThan(1e-9)
    }
  })

  it('of a shorter span is coarser, with the same decision boundary', async () => {
    const whole = await slice(net, frame)
    const coarse = await slice(net, frame, { toLayer: 0 })
    const first = net.sizes[1]
    const codes = new Set(whole.polygons.map(({ bits }) => bits.subarray(0, first).join('')))
    expect(new Set(coarse.polygons.map(({ bits }) => bits.join('')))).toEqual(codes)
    expect(coarse.polygons.length).toBe(codes.size)
    expect(coarse.decisionBoundary).toEqual(whole.decisionBoundary)
  })

  it('says when polygons are left out', async () => {
    const whole = await slice(net, frame)
    const cut = await slice(net, frame, { maxRegions: 5 })
    expect(cut.complete).toBe(false)
    expect(cut.polygons.length).toBe(5)
    const codes = whole.polygons.map(({ bits }) => bits.join(''))
    for (const { bits } of cut.polygons) expect(codes).toContain(bits.join(''))
  })
})

it('one layer cuts as lines do: 1 + lines + their crossings inside', async () => {
  for (const seed of [1, 2, 3, 4, 5]) {
    const net = { sizes: [2, 20, 2], seed }
    const frame = { origin: [-1, -1], u: [2, 0], v: [0, 2] }
    const [{ weights, bias }] = mlpWeights(net)
    const lines = Array.from({ length: 20 }, (_, i) => [weights[i], weights[20 + i], bias[i]])
    const isIn = (x: number, y: number) => Math.abs(x) < 1 && Math.abs(y) < 1
    const meets = lines.filter(([a, b, c]) => {
      const signs = [
        [-1, -1],
        [-1, 1],
        [1, -1],
        [1, 1],
      ].map(([x, y]) => Math.sign(a * x + b * y + c))
      return new Set(signs).size > 1
    })
    let crossings = 0
    for (const [i, [a, b, c]] of meets.entries()) {
      for (const [d, e, f] of meets.slice(i + 1)) {
        const determinant = a * e - b * d
        if (isIn((b * f - c * e) / determinant, (c * d - a * f) / determinant)) crossings++
      }
    }
    const { polygons } = await slice(net, frame)
    expect(polygons.length).toBe(1 + meets.length + crossings)
  }
})

it('stops cutting at its limit inside a layer too', async () => {
  // 3,000 lines cut the square into about a million polygons.
  const net = { sizes: [2, 3000, 2], seed: 6 }
  const frame = { origin: [-1, -1], u: [2, 0], v: [0, 2] }
  const { polygons, complete } = await slice(net, frame, { maxRegions: 20 })
  expect(complete).toBe(false)
  expect(polygons).toHaveLength(20)
  for (const { vertices, bits } of polygons) {
    const mean = (axis: 0 | 1) => vertices.reduce((sum, place) => sum + place[axis], 0) / vertices.length
    expect(codeAt(net, at(frame, [mean(0), mean(1)]))).toBe(bits.join(''))
  }
})

it('without area is refused', async () => {
  const flat = { origin: [0, 0], u: [1, 2], v: [-2, -4] }
  await expect(slice(nets[0], flat)).rejects.toThrow(expect.objectContaining({ code: 'FLAT_SLICE' }))
  await expect(slice(nets[0], { ...flat, v: [0, 0] })).rejects.toThrow(
    expect.objectContaining({ code: 'FLAT_SLICE' }),
  )
})
