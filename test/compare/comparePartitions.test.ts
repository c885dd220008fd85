import { describe, expect, it } from 'vitest'
import { comparePartitions, type Side } from '#atlas/compute/compare/index.js'
import { permutation, randomBelow } from '#atlas/compute/compare/random.js'
import { hamming } from './naive.ts'
import { lcg, randomCodes, sideOf } from './sides.ts'

const layers = [
  { index: 0, units: 5, positions: 2, bitsPerUnit: 1, numbered: false },
  { index: 3, units: 4, positions: 1, bitsPerUnit: 1, numbered: false },
]
const random = lcg(1)
const codesA = randomCodes(50, 14, 0.3, random)
const codesB = codesA.map((code) => code.map((bit) => (random() < 0.2 ? 1 - bit : bit)))
const labels = (): number[] => codesA.map(() => Math.floor(random() * 3))
const a = sideOf(codesA, layers, labels())
const b = sideOf(codesB, layers, labels())
const input = { a, b, sameLayers: true, seed: 9 }

describe('comparePartitions', () => {
  it('counts shared codes, flips and equal predictions', async () => {
    const result = await comparePartitions(input)
    const keys = (codes: number[][]): Set<string> => new Set(codes.map((code) => code.join('')))
    expect(result.siteCount).toBe(50)
    expect(result.sharedCodeCount).toBe([...keys(codesA)].filter((key) => keys(codesB).has(key)).length)
    expect(result.sharedCodeCount).toBeGreaterThan(0)
    const flips = (bit: number): number =>
      codesA.filter((code, site) => code[bit] !== codesB[site][bit]).length
    expect(result.flips?.bitFlips.total).toBe(
      codesA.reduce((sum, code, site) => sum + hamming(code, codesB[site]), 0),
    )
    const first = [0, 1, 2, 3, 4].map((unit) => ({ layer: 0, unit, flips: flips(unit) + flips(5 + unit) }))
    const second = [0, 1, 2, 3].map((unit) => ({ layer: 3, unit, flips: flips(10 + unit) }))
    expect(result.flips?.bitFlips.perUnit).toEqual([...first, ...second])
    const sum = (units: typeof first): number => units.reduce((total, { flips: count }) => total + count, 0)
    expect(result.flips?.bitFlips.perLayer).toEqual([
      { layer: 0, flips: sum(first) },
      { layer: 3, flips: sum(second) },
    ])
    const equal = a.predictions.filter((label, i) => label === b.predictions[i])
    expect(result.metrics.agreement).toBe(equal.length / 50)
  })

  it('has the metrics of permuted sites as its baseline, the same for one seed', async () => {
    const { baseline, metrics } = await comparePartitions(input)
    const order = permutation(50, randomBelow(9))
    const moved: Side = {
      ...b,
      regionOfSite: order.map((site) => b.regionOfSite[site]),
      predictions: order.map((site) => b.predictions[site]),
    }
    const permuted = await comparePartitions({ a, b: moved, sameLayers: true, seed: 0 })
    expect(baseline).toEqual(permuted.metrics)
    expect((await comparePartitions(input)).baseline).toEqual(baseline)
    expect(baseline.hammingKernelCka).toBeLessThan(metrics.hammingKernelCka / 2)
    const { flips } = await comparePartitions(input)
    const byLayer = (counts?: { total: number; perLayer: unknown }) =>
      counts && { total: counts.total, perLayer: counts.perLayer }
    expect(flips?.baseline).toEqual({
      bitFlips: byLayer(permuted.flips?.bitFlips),
      alignedBitFlips: byLayer(permuted.flips?.alignedBitFlips),
    })
  })

  it('takes predictions by input where inputs have several sites', async () => {
    const inputs = Int32Array.from({ length: 25 }, (_, i) => i)
    const halved = { ...input, a: { ...a, predictions: inputs }, b: { ...b, predictions: inputs } }
    const { metrics, baseline } = await comparePartitions(halved)
    expect(metrics.agreement).toBe(1)
    expect(baseline.agreement).toBeLessThan(0.3)
  })

  it('says nothing of single bits where layers or bit counts differ', async () => {
    const wide = sideOf(codesB.map((code) => [...code, 0]))
    const result = await comparePartitions({ a, b: wide, sameLayers: false, seed: 1 })
    expect(result.flips).toBeNull()
    expect(result.sharedCodeCount).toBe(0)
  })

  it('does not change what it is given', async () => {
    const before = structuredClone(input)
    await comparePartitions(input)
    expect(input).toEqual(before)
  })

  it('reports progress up to the total', async () => {
    const seen: [number, number][] = []
    await comparePartitions(input, { onProgress: (done, total) => seen.push([done, total]) })
    const totals = new Set(seen.map(([, total]) => total))
    expect(totals.size).toBe(1)
    expect(seen.map(([done]) => done)).toEqual(seen.map(([done]) => done).sort((x, y) => x - y))
    expect(seen.at(-1)?.[0]).toBe(seen.at(-1)?.[1])
  })

  it('ends with the reason of its signal, before and while it works', async () => {
    const reason = new Error('enough')
    await expect(comparePartitions(input, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    const controller = new AbortController()
    const options = { signal: controller.signal, onProgress: () => controller.abort(reason) }
    await expect(comparePartitions(input, options)).rejects.toBe(reason)
    expect((await comparePartitions(input)).siteCount).toBe(50)
  })

  it('refuses sides with different sites, or none', async () => {
    const short = sideOf(codesB.slice(1), layers)
    const empty = sideOf([], [])
    await expect(comparePartitions({ ...input, b: short })).rejects.toMatchObject({ code: 'NOT_COMPARABLE' })
    const none = { ...input, a: empty, b: empty }
    await expect(comparePartitions(none)).rejects.toMatchObject({ code: 'NOT_COMPARABLE' })
  })

  it.each([
    ['other layers', { b: { ...b, layers: layers.toReversed() } }],
    ['layers of other bits', { b: { ...b, layers: layers.slice(1) } }],
    ['codes too short', { b: { ...b, codes: b.codes.subarray(1) } }],
    ['a region that is not there', { b: { ...b, regionOfSite: b.regionOfSite.with(0, 99) } }],
    ['inputs that do not divide the sites', { b: { ...b, predictions: b.predictions.subarray(1) } }],
  ])('refuses sides that do not fit together: %s', async (_, change) => {
    await expect(comparePartitions({ ...input, ...change })).rejects.toThrow(RangeError)
  })
})
