import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  countSegments,
  endsOf,
  openProgram,
  PROFILE_BINS,
  profileOf,
  walkSegments,
  type Program,
} from '#atlas/compute/geometry/index.js'
import { buildMlp, uniform } from '../support/onnx.ts'

let program: Program

beforeAll(async () => {
  program = await openProgram(buildMlp({ sizes: [6, 24, 16, 4], seed: 2 }))
})
afterAll(() => program.close())

const draw = uniform(5)
const points = (count: number) => Float64Array.from({ length: 6 * count }, () => 2 * draw() - 1)

it.each([
  [0, 1],
  [1, 1],
])('counts what one walk after the other finds, layers %i to %i', async (fromLayer, toLayer) => {
  const segments = 150
  const [from, to] = [points(segments), points(segments)]
  to.set(from.subarray(0, 6), 0)
  const counts = await countSegments(program, { from, to, segments, fromLayer, toLayer })
  for (let i = 0; i < segments; i++) {
    const row = (values: Float64Array) => values.slice(6 * i, 6 * i + 6)
    const ends = await endsOf(program, row(from), row(to), 1, fromLayer)
    const [walk] = await walkSegments(program, { ends, segments: 1, fromLayer, toLayer })
    expect(counts.length[i]).toBeCloseTo(walk.length, 12)
    expect(counts.regionCount[i]).toBe(walk.regionCount)
    expect(counts.endpointDistance[i]).toBe(walk.endpointHammingDistance)
    expect(counts.predictionChanges[i]).toBe(walk.predictions.length - 1)
    const change = walk.predictions.at(1)?.from
    if (change === undefined) expect(counts.changeAt[i]).toBeNaN()
    else expect(counts.changeAt[i]).toBeCloseTo(change, 9)
    const profile = counts.profiles.subarray(i * PROFILE_BINS, (i + 1) * PROFILE_BINS)
    expect([...profile]).toEqual(profileOf(walk, PROFILE_BINS).map(({ boundaries }) => boundaries))
  }
  expect(counts.length[0]).toBe(0)
  expect(Math.max(...counts.predictionChanges)).toBeGreaterThan(1)
})

it('stops when nobody waits', async () => {
  const task = { from: points(1), to: points(1), segments: 1, fromLayer: 0, toLayer: 1 }
  await expect(countSegments(program, task, () => true)).rejects.toThrow('stopped')
})
