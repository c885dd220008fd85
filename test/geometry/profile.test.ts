import { expect, it } from 'vitest'
import { endsOf, openProgram, profileOf, walkSegments } from '#atlas/compute/geometry/index.js'
import { buildMlp, uniform } from '../support/onnx.ts'

const crossing = { layer: 0, unit: 0, position: 0, bit: 0, turnsOn: true }

it('counts places in the part where they lie, several bits at one place once', () => {
  const places = [0, 0.1, 0.25, 0.25, 0.26, 1]
  const profile = profileOf(
    {
      length: 2,
      crossings: places.map((t) => ({ ...crossing, t })),
      predictions: [
        { from: 0, to: 0.26, label: 1 },
        { from: 0.26, to: 0.5, label: 2 },
        { from: 0.5, to: 1, label: 1 },
      ],
    },
    4,
  )
  expect(profile).toEqual([
    { from: 0, to: 0.25, boundaries: 2, boundaryDensity: 4, predictionChanges: 0 },
    { from: 0.25, to: 0.5, boundaries: 2, boundaryDensity: 4, predictionChanges: 1 },
    { from: 0.5, to: 0.75, boundaries: 0, boundaryDensity: 0, predictionChanges: 1 },
    { from: 0.75, to: 1, boundaries: 1, boundaryDensity: 2, predictionChanges: 0 },
  ])
  expect(profileOf({ length: 0, crossings: [], predictions: [] }, 1)).toEqual([
    { from: 0, to: 1, boundaries: 0, boundaryDensity: 0, predictionChanges: 0 },
  ])
})

it('has as many boundaries as a walk has polytopes less one', async () => {
  const program = await openProgram(buildMlp({ sizes: [3, 12, 9, 7, 4], seed: 2 }))
  const random = uniform(5)
  const draw = () => Float64Array.from({ length: 60 }, () => 3 * (2 * random() - 1))
  const ends = await endsOf(program, draw(), draw(), 20, 0)
  const walks = await walkSegments(program, { ends, segments: 20, fromLayer: 0, toLayer: 2 })
  await program.close()
  for (const walk of walks) {
    for (const bins of [1, 7, 100]) {
      const profile = profileOf(walk, bins)
      expect(profile).toHaveLength(bins)
      const sum = (of: (bin: (typeof profile)[number]) => number) =>
        profile.reduce((all, bin) => all + of(bin), 0)
      expect(sum(({ boundaries }) => boundaries)).toBe(walk.regionCount - 1)
      expect(sum(({ predictionChanges }) => predictionChanges)).toBe(walk.predictions.length - 1)
      expect(sum(({ boundaryDensity }) => boundaryDensity) / bins).toBeCloseTo(
        (walk.regionCount - 1) / walk.length,
        9,
      )
    }
  }
})
