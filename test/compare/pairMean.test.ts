import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bootstrapMean } from '#atlas/compute/compare/bootstrap.js'
import { pairMean, sharedInputStretch } from '#atlas/compute/compare/pairMean.js'
import { summarizeSegments } from '#atlas/compute/compare/summarizeSegments.js'
import { uniform } from '../support/onnx.ts'

/** Standard normal, by Box and Muller. */
function normal(random: () => number): () => number {
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

/** The share of repetitions whose interval holds the true value. */
function coverage(
  repetitions: number,
  truth: number,
  interval: (i: number) => { low: number; high: number },
) {
  let hits = 0
  for (let i = 0; i < repetitions; i++) {
    const { low, high } = interval(i)
    if (low <= truth && truth <= high) hits++
  }
  return hits / repetitions
}

describe('the bootstrap of a mean', () => {
  it('holds the mean of an exponential distribution as often as it says', () => {
    const random = uniform(1)
    const share = coverage(300, 1, (i) =>
      bootstrapMean(
        Float64Array.from({ length: 100 }, () => -Math.log(1 - random())),
        i,
      ),
    )
    // The percentile interval of 100 skew values reaches some 94 %; standard error 1.4 %.
    expect(share).toBeGreaterThan(0.9)
    expect(share).toBeLessThan(0.98)
  })

  it('of zeros and ones has the quantiles of the binomial distribution', () => {
    for (const [ones, size] of [
      [30, 100],
      [7, 40],
    ]) {
      const values = Float64Array.from({ length: size }, (_, i) => Number(i < ones))
      const { mean, low, high } = bootstrapMean(values, 3)
      expect(mean).toBeCloseTo(ones / size, 12)
      // 1,000 resamples leave the 2.5 % quantile a standard error of less than one step.
      expect(Math.abs(low * size - binomialQuantile(size, ones / size, 0.025))).toBeLessThanOrEqual(1)
      expect(Math.abs(high * size - binomialQuantile(size, ones / size, 0.975))).toBeLessThanOrEqual(1)
    }
  })

  it('of one value, or equal ones, has no width', () => {
    expect(bootstrapMean(Float64Array.of(2.5), 1)).toEqual({ mean: 2.5, low: 2.5, high: 2.5 })
    expect(bootstrapMean(new Float64Array(9).fill(4), 1)).toEqual({ mean: 4, low: 4, high: 4 })
  })

  it('is the same for one seed, another for another, and scales with its values', () => {
    const values = Float64Array.from({ length: 30 }, uniform(4))
    const once = bootstrapMean(values, 8)
    expect(bootstrapMean(values, 8)).toEqual(once)
    expect(bootstrapMean(values, 9)).not.toEqual(once)
    const scaled = bootstrapMean(
      values.map((value) => 4 * value),
      8,
    )
    expect(scaled).toEqual({ mean: 4 * once.mean, low: 4 * once.low, high: 4 * once.high })
  })

  it('stops when nobody waits', () => {
    expect(() => bootstrapMean(new Float64Array(100_000), 1, () => true)).toThrow('stopped')
  })
})

/** The least count with at least this share of the binomial distribution at or below it. */
function binomialQuantile(size: number, p: number, share: number): number {
  let term = (1 - p) ** size
  let below = term
  let count = 0
  while (below < share) {
    term *= ((size - count) / (count + 1)) * (p / (1 - p))
    below += term
    count++
  }
  return count
}

/** All pairs of some inputs. */
function complete(inputs: number): { from: Int32Array; to: Int32Array } {
  const pairs = Array.from({ length: inputs }, (_, j) => Array.from({ length: j }, (_, i) => [i, j])).flat()
  return { from: Int32Array.from(pairs, ([i]) => i), to: Int32Array.from(pairs, ([, j]) => j) }
}

describe('the mean over pairs', () => {
  it('holds the true mean as often as it says, where all pairs of few inputs are there', () => {
    const draw = normal(uniform(11))
    const { from, to } = complete(30)
    const values = () => {
      const effects = Array.from({ length: 30 }, draw)
      return Float64Array.from(from, (a, i) => 5 + effects[a] + effects[to[i]] + draw())
    }
    const shares = [
      coverage(200, 5, (i) => pairMean({ values: values(), from, to }, i)),
      coverage(60, 5, (i) => bootstrapMean(values(), i)),
    ]
    expect(shares[0]).toBeGreaterThan(0.89)
    expect(shares[0]).toBeLessThan(0.985)
    // Resampled pairs alone, as if they were independent.
    expect(shares[1]).toBeLessThan(0.6)
  })

  it('is that of independent values where no input is in two pairs', () => {
    const values = Float64Array.from({ length: 50 }, uniform(3))
    const from = Int32Array.from({ length: 50 }, (_, i) => 2 * i)
    const to = from.map((input) => input + 1)
    const { mean, low, high } = bootstrapMean(values, 6)
    const found = pairMean({ values, from, to }, 6)
    expect(found.mean).toBe(mean)
    expect(found.low).toBeCloseTo(low, 12)
    expect(found.high).toBeCloseTo(high, 12)
  })

  it('is stretched as the sum over all pairs of pairs says', () => {
    const pair = fc.tuple(fc.nat({ max: 8 }), fc.nat({ max: 8 }), fc.nat({ max: 20 }))
    fc.assert(
      fc.property(fc.array(pair, { minLength: 1, maxLength: 25 }), (given) => {
        const distinct = given.filter(([a, b]) => a !== b)
        const pairs = new Map(distinct.map(([a, b, value]) => [[a, b].sort().join(), [a, b, value]]))
        const rows = [...pairs.values()]
        fc.pre(rows.length > 0)
        const mean = rows.reduce((sum, [, , value]) => sum + value, 0) / rows.length
        let own = 0
        let shared = 0
        for (const [a, b, x] of rows) {
          own += (x - mean) ** 2
          for (const [c, d, y] of rows)
            if (a === c || a === d || b === c || b === d) shared += (x - mean) * (y - mean)
        }
        const found = sharedInputStretch({
          values: Float64Array.from(rows, ([, , value]) => value),
          from: Int32Array.from(rows, ([a]) => a),
          to: Int32Array.from(rows, ([, b]) => b),
        })
        if (own < 1e-9) expect(found).toBeGreaterThanOrEqual(1)
        else expect(found).toBeCloseTo(Math.sqrt(Math.max(1, shared / own)), 8)
      }),
    )
  })
})

it('summarizes runs of segments, those of no length apart', () => {
  const columns = {
    from: Int32Array.of(0, 2, 4, 6),
    to: Int32Array.of(1, 3, 5, 7),
    length: Float64Array.of(2, 0, 4, 0),
    regionCount: Int32Array.of(7, 1, 9, 1),
    endpointDistance: Int32Array.of(4, 0, 4, 0),
    predictionChanges: Int32Array.of(2, 0, 1, 0),
    changeAt: Float64Array.of(0.75, Number.NaN, 1, Number.NaN),
    // Two parts a segment.
    profiles: Int32Array.of(1, 5, 0, 0, 6, 2, 0, 0),
  }
  const runs = [
    { first: 0, count: 3, profiled: true },
    { first: 3, count: 1, profiled: true },
    { first: 0, count: 3, profiled: false },
  ]
  const [first, second, bare] = summarizeSegments({ columns, runs, seed: 1 })
  expect(bare).toEqual({ ...first, profile: null, atChange: null, aroundChange: null })
  expect(first).toMatchObject({
    zeroLengthCount: 1,
    regionCount: { mean: 17 / 3 },
    predictionChanges: { mean: 1 },
    boundaryDensity: { mean: (6 / 2 + 8 / 4) / 2, low: 2, high: 3 },
    endpointDensity: { mean: (4 / 2 + 4 / 4) / 2, low: 1, high: 2 },
    // Parts of the lengths 1 and 2.
    profile: [
      { boundaryDensity: { mean: (1 / 1 + 6 / 2) / 2, low: 1, high: 3 }, changeShare: 0 },
      { boundaryDensity: { mean: (5 / 1 + 2 / 2) / 2, low: 1, high: 5 }, changeShare: 1 },
    ],
    atChange: {
      count: 2,
      boundaryDensity: { mean: (5 / 1 + 2 / 2) / 2 },
      elsewhere: { mean: (1 / 1 + 6 / 2) / 2 },
      baseline: { mean: (5 / 1 + 2 / 2) / 2 },
    },
    // The one of length 2 alone changes once; it has the dealt place of itself.
    aroundChange: {
      count: 1,
      distances: [{ boundaryDensity: { mean: 2 / 2 }, baseline: { mean: 2 / 2 } }],
    },
  })
  expect(second).toEqual({
    zeroLengthCount: 1,
    regionCount: { mean: 1, low: 1, high: 1 },
    predictionChanges: { mean: 0, low: 0, high: 0 },
    boundaryDensity: null,
    endpointDensity: null,
    profile: null,
    atChange: null,
    aroundChange: null,
  })
})

it('sets the density where predictions change beside that where those of other segments do', () => {
  // 400 lines of length 1, all of their 10 boundaries in the part where the prediction changes, the first or the third.
  const count = 400
  const bins = 4
  const part = (i: number) => (i % 2 === 0 ? 0 : 2)
  const columns = {
    from: Int32Array.from({ length: count }, (_, i) => 2 * i),
    to: Int32Array.from({ length: count }, (_, i) => 2 * i + 1),
    length: new Float64Array(count).fill(1),
    regionCount: new Int32Array(count).fill(11),
    endpointDistance: new Int32Array(count).fill(10),
    predictionChanges: new Int32Array(count).fill(1),
    changeAt: Float64Array.from({ length: count }, (_, i) => part(i) / bins),
    profiles: Int32Array.from({ length: count * bins }, (_, at) =>
      at % bins === part(Math.floor(at / bins)) ? 10 : 0,
    ),
  }
  const [{ profile, atChange, aroundChange }] = summarizeSegments({
    columns,
    runs: [{ first: 0, count, profiled: true }],
    seed: 3,
  })
  expect(profile?.map(({ changeShare }) => changeShare)).toEqual([0.5, 0, 0.5, 0])
  expect(atChange).toMatchObject({ count, boundaryDensity: { mean: 40 }, elsewhere: { mean: 0 } })
  // Dealt out, half of the places are in the right part.
  expect(atChange?.baseline.low).toBeLessThan(20)
  expect(atChange?.baseline.high).toBeGreaterThan(20)
  expect(atChange?.baseline.high).toBeLessThan(25)
  // One part away from either change lies an empty one; another change's neighbour is as empty, its own part is not.
  expect(aroundChange).toMatchObject({
    count,
    distances: [{ boundaryDensity: { mean: 40 } }, { boundaryDensity: { mean: 0 }, baseline: { mean: 0 } }],
  })
  expect(aroundChange?.distances[0].baseline).toEqual(atChange?.baseline)
})

it('finds on both sides what lies at a distance from the only change', () => {
  // Six parts of length 1; the second line changes twice, the third not at all.
  const profiles = [
    [1, 2, 3, 4, 5, 6],
    [9, 9, 9, 9, 9, 9],
    [9, 9, 9, 9, 9, 9],
    [6, 0, 0, 0, 0, 12],
  ]
  const columns = {
    from: Int32Array.of(0, 2, 4, 6),
    to: Int32Array.of(1, 3, 5, 7),
    length: new Float64Array(4).fill(6),
    regionCount: Int32Array.from(profiles, (parts) => 1 + parts.reduce((sum, part) => sum + part, 0)),
    endpointDistance: new Int32Array(4),
    predictionChanges: Int32Array.of(1, 2, 0, 1),
    changeAt: Float64Array.of(0.2, 0.5, Number.NaN, 1),
    profiles: Int32Array.from(profiles.flat()),
  }
  const [{ aroundChange }] = summarizeSegments({
    columns,
    runs: [{ first: 0, count: 4, profiled: true }],
    seed: 1,
  })
  expect(aroundChange?.count).toBe(2)
  // Around the second part of one, and the last of the other.
  const means = [(2 + 12) / 2, ((1 + 3) / 2 + 0) / 2, (4 + 0) / 2]
  expect(aroundChange?.distances.map(({ boundaryDensity }) => boundaryDensity.mean)).toEqual(means)
})
