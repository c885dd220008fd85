import { describe, expect, it } from 'vitest'
import { comparePartitions, type Side } from '#atlas/compute/compare/index.js'
import reference from './fixtures/reference.json' with { type: 'json' }
import { linearCka, overlap, spearman } from './naive.ts'
import { lcg, randomCodes, sideOf } from './sides.ts'

const metricsOf = async (a: Side, b: Side) => {
  return (await comparePartitions({ a, b, sameLayers: false, seed: 1 })).metrics
}
const bits = (codes: readonly string[]): number[][] => codes.map((code) => [...code].map(Number))

describe('the metrics over all pairs of sites', () => {
  it('are those of SciPy and NumPy', async () => {
    const { a, b, spearman: rank, cka } = reference.codes
    const metrics = await metricsOf(sideOf(bits(a)), sideOf(bits(b)))
    expect(metrics.distanceRankCorrelation).toBeCloseTo(rank, 12)
    expect(metrics.hammingKernelCka).toBeCloseTo(cka, 12)
  })

  it.each([
    { name: 'a few bits, many ties', sites: 70, bitsA: 5, bitsB: 3, copies: 0.2 },
    { name: 'shared regions', sites: 80, bitsA: 40, bitsB: 33, copies: 0.6 },
    { name: 'more than one block of words', sites: 60, bitsA: 200, bitsB: 270, copies: 0 },
    { name: 'fewer sites than neighbours', sites: 9, bitsA: 12, bitsB: 7, copies: 0.3 },
  ])('are those of the definitions: $name', async ({ sites, bitsA, bitsB, copies }) => {
    const random = lcg(sites)
    const a = randomCodes(sites, bitsA, copies, random)
    const b = randomCodes(sites, bitsB, copies, random)
    const metrics = await metricsOf(sideOf(a), sideOf(b))
    expect(metrics.distanceRankCorrelation).toBeCloseTo(spearman(a, b), 12)
    expect(metrics.hammingKernelCka).toBeCloseTo(linearCka(a, b), 12)
    for (let k = 1; k <= 50; k++) {
      expect(metrics.neighborOverlap[k - 1]).toBeCloseTo(k < sites ? overlap(a, b, k) : 1, 12)
    }
  })

  it('miss no row and count none twice over several tiles', async () => {
    // A tile takes some 2,100 rows of these. A complement has the same distances.
    const codes = randomCodes(2500, 257, 0.1, lcg(5))
    const complement = codes.map((code) => code.map((bit) => 1 - bit))
    const metrics = await metricsOf(sideOf(codes), sideOf(complement))
    expect(metrics.hammingKernelCka).toBeCloseTo(1, 12)
    expect(metrics.distanceRankCorrelation).toBeCloseTo(1, 12)
    // Only ties at the 50th distance keep it from 1.
    expect(metrics.neighborOverlap[49]).toBeGreaterThan(0.9)
    expect(metrics.neighborOverlap[49]).toBeLessThanOrEqual(1)
  })

  it('break ties at random: four sites by hand', async () => {
    // a: site 0 is 1 from 1 and 2 from 2, 3; b: site 0 is 1 from 2 and 3, 2 from 1.
    const a = bits(['000', '100', '011', '110'])
    const b = bits(['00', '11', '01', '10'])
    const { neighborOverlap } = await metricsOf(sideOf(a), sideOf(b))
    // k = 1. Site 0: a {1}, b {2 or 3}: 0. Site 1: a {0 or 3}, b {2 or 3}: 1/4. Site 2: a {0 or 3}, b {0 or 1}: 1/4.
    // Site 3: a {1}, b {0 or 1}: 1/2.
    expect(neighborOverlap[0]).toBeCloseTo(1 / 4, 15)
    expect(neighborOverlap[2]).toBe(1)
  })

  it('are 1 for a side and itself, and for its complement', async () => {
    const a = randomCodes(40, 64, 0, lcg(2))
    for (const b of [a, a.map((code) => code.map((bit) => 1 - bit))]) {
      const metrics = await metricsOf(sideOf(a), sideOf(b))
      expect(metrics.distanceRankCorrelation).toBeCloseTo(1, 13)
      expect(metrics.hammingKernelCka).toBeCloseTo(1, 13)
    }
  })

  it('are 1 for two constant sides and 0 for one', async () => {
    const constant = sideOf(Array.from({ length: 6 }, () => [1, 0, 1]))
    const varied = sideOf(randomCodes(6, 8, 0, lcg(3)))
    const both = await metricsOf(constant, constant)
    expect([both.hammingKernelCka, both.distanceRankCorrelation]).toEqual([1, 1])
    const one = await metricsOf(constant, varied)
    expect([one.hammingKernelCka, one.distanceRankCorrelation]).toEqual([0, 0])
  })

  it('are 1 for a single site', async () => {
    const single = sideOf([[0, 1]])
    const metrics = await metricsOf(single, single)
    expect([metrics.hammingKernelCka, metrics.distanceRankCorrelation]).toEqual([1, 1])
    expect([...new Set(metrics.neighborOverlap)]).toEqual([1])
  })
})
