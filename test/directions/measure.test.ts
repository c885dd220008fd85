import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { runDirections, type LabelCurve } from '#atlas/compute/directions/index.js'
import { entropyOf } from '../graphql/support/reference.ts'
import { uniform } from '../support/onnx.ts'

/** What the labels of some sites are like, from the definitions. */
function statistics(sites: readonly number[], labels: readonly number[]) {
  const inside = sites.map((site) => labels[site]).filter((label) => label >= 0)
  const known = labels.filter((label) => label >= 0)
  const shareOf = (list: readonly number[], label: number) =>
    list.filter((other) => other === label).length / (list.length || 1)
  const all = [...new Set(known)]
  const countsOf = (list: readonly number[]) =>
    all.map((label) => list.filter((other) => other === label).length).filter((count) => count > 0)
  const outside = labels.filter((label, site) => label >= 0 && !sites.includes(site))
  const conditional =
    (inside.length * entropyOf(countsOf(inside)) + outside.length * entropyOf(countsOf(outside))) /
    known.length
  return {
    labelEntropy: inside.length === 0 ? 0 : entropyOf(countsOf(inside)),
    purity: inside.length === 0 ? 1 : Math.max(...all.map((label) => shareOf(inside, label))),
    mutualInformation: known.length === 0 ? 0 : entropyOf(countsOf(known)) - conditional,
  }
}

/** The first m sites of each column that is above 0 at so many, the greatest first, ties by site. */
function topSites(columns: readonly (readonly number[])[], m: number): number[][] {
  return columns
    .map((column) =>
      [...column.keys()].filter((site) => column[site] > 0).sort((x, y) => column[y] - column[x] || x - y),
    )
    .filter((sites) => sites.length >= m)
    .map((sites) => sites.slice(0, m))
}

function expectCurve(curve: LabelCurve, columns: readonly (readonly number[])[], labels: readonly number[]) {
  for (let m = 1; m <= labels.length; m++) {
    const found = topSites(columns, m).map((sites) => statistics(sites, labels))
    expect(curve.directionCounts[m - 1]).toBe(found.length)
    if (found.length === 0) continue
    const mean = (of: (value: ReturnType<typeof statistics>) => number) =>
      found.reduce((sum, value) => sum + of(value), 0) / found.length
    expect(curve.labelEntropy[m - 1]).toBeCloseTo(
      mean((value) => value.labelEntropy),
      9,
    )
    expect(curve.leastLabelEntropy[m - 1]).toBeCloseTo(
      Math.min(...found.map((value) => value.labelEntropy)),
      9,
    )
    expect(curve.purity[m - 1]).toBeCloseTo(
      mean((value) => value.purity),
      12,
    )
    expect(curve.mutualInformation[m - 1]).toBeCloseTo(
      mean((value) => value.mutualInformation),
      9,
    )
  }
}

function measure(activations: readonly (readonly number[])[], labels: readonly number[], components: number) {
  const [rows, columns] = [activations.length, activations[0].length]
  const values = new Float32Array(new SharedArrayBuffer(4 * rows * columns))
  values.set(activations.flat())
  return runDirections('measureDirections', {
    activations: { values, rows, columns },
    labels: Int32Array.from(labels),
    ...{ components, seed: 3, progress: new Int32Array(new SharedArrayBuffer(4)) },
  })
}

describe('measureDirections', () => {
  it('follows units down their sites as the definitions say, with equal, zero and negative activations', async () => {
    const activation = fc.constantFrom(-1, 0, 0.25, 0.5, 0.5, 1, 2)
    const site = fc.tuple(fc.tuple(activation, activation, activation), fc.constantFrom(-1, 0, 1, 1, 2))
    await fc.assert(
      fc.asyncProperty(fc.array(site, { minLength: 2, maxLength: 14 }), async (sites) => {
        const rows = sites.map(([row]) => row)
        const labels = sites.map(([, label]) => label)
        const { curves } = await measure(rows, labels, 1)
        expectCurve(
          curves.UNIT,
          [0, 1, 2].map((unit) => rows.map((row) => row[unit])),
          labels,
        )
      }),
      { numRuns: 30 },
    )
  })

  it('finds two groups along the first component, one above the mean and one below', async () => {
    const random = uniform(4)
    const labels = Array.from({ length: 60 }, (_, i) => i % 2)
    const rows = labels.map((label) => [3 + 2 * label + 0.1 * random(), 1, 1 - 2 * label + 0.1 * random()])
    const found = await measure(rows, labels, 1)
    const along = rows.map((row) =>
      row.reduce((sum, value, i) => sum + (value - found.mean[i]) * found.principalComponents[i], 0),
    )
    const component = found.curves.PRINCIPAL_COMPONENT
    expectCurve(component, [along, along.map((value) => -value)], labels)
    expect(component.labelEntropy[29]).toBe(0)
    expect(component.mutualInformation[29]).toBeCloseTo(1, 9)
    expect(found.varianceShares[0]).toBeGreaterThan(0.99)
    expect([...found.classes]).toEqual([0, 1])
    labels.slice(0, 2).forEach((label) => {
      const own = rows.filter((_, i) => labels[i] === label)
      for (const i of [0, 1, 2])
        expect(found.classMeans[3 * label + i]).toBeCloseTo(own.reduce((sum, row) => sum + row[i], 0) / 30, 5)
    })
  })

  it('takes random orders for chance: their last set is everything, each time the same', async () => {
    const labels = Array.from({ length: 40 }, (_, i) => i % 4)
    const rows = labels.map((label) => [label, 1])
    const [first, second] = [await measure(rows, labels, 1), await measure(rows, labels, 1)]
    expect(second).toEqual(first)
    const { directionCounts, labelEntropy, purity, mutualInformation } = first.curves.CHANCE
    expect(new Set(directionCounts)).toEqual(new Set([32]))
    expect(labelEntropy[39]).toBeCloseTo(2, 12)
    expect(purity[39]).toBe(0.25)
    expect(mutualInformation[39]).toBeCloseTo(0, 12)
    expect(labelEntropy[0]).toBe(0)
    // Of four sites, two of a label or more are all but sure: 1 - 10^4 / C(40, 4) = 0.89 of the draws.
    expect(labelEntropy[3]).toBeGreaterThan(1)
    expect(labelEntropy[3]).toBeLessThan(2)
  })
})

describe('besideSets', () => {
  it('compares sets with directions of their sizes, each counted by its sites', async () => {
    // Sites 0 to 9 in regions {0,1,2}, {3,4}, {5}, {6,7,8,9}; labels a a b, b b, a, a a a b.
    const curve = (entropies: number[], counts: number[]): LabelCurve => ({
      directionCounts: Int32Array.from(counts),
      labelEntropy: Float64Array.from(entropies),
      leastLabelEntropy: Float64Array.from(entropies, (value) => value / 2),
      purity: Float64Array.from(entropies, (value) => 1 - value / 4),
      mutualInformation: Float64Array.from(entropies, (value) => value / 8),
    })
    const rising = curve([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], [5, 5, 5, 0, 0, 0, 0, 0, 0, 0])
    const [regions, pair] = await runDirections('besideSets', {
      memberCounts: Int32Array.of(3, 2, 1, 4),
      labelCounts: Int32Array.of(0, 0, 2, 0, 1, 1, 1, 1, 2, 2, 0, 1, 3, 0, 3, 3, 1, 1),
      groupings: [
        { setOfRegion: Int32Array.of(0, 1, 2, 3), setCount: 4, minSites: 2 },
        { setOfRegion: Int32Array.of(0, 0, -1, -1), setCount: 1, minSites: 1 },
      ],
      curves: { UNIT: rising, PRINCIPAL_COMPONENT: rising, NON_NEGATIVE_FACTOR: rising, CHANCE: rising },
    })
    const binary = (p: number) => (p === 0 || p === 1 ? 0 : -p * Math.log2(p) - (1 - p) * Math.log2(1 - p))
    expect(regions.sets).toMatchObject({ setCount: 3, siteCount: 9 })
    expect(regions.sets.labelEntropy).toBeCloseTo((3 * binary(1 / 3) + 4 * binary(1 / 4)) / 9, 12)
    expect(regions.sets.purity).toBeCloseTo((3 * (2 / 3) + 2 + 4 * (3 / 4)) / 9, 12)
    // Six of ten sites are a: H(label) - the share inside x H inside - the share outside x H outside.
    const information = (n: number, a: number) =>
      binary(0.6) - (n / 10) * binary(a / n) - ((10 - n) / 10) * binary((6 - a) / (10 - n))
    expect(regions.sets.mutualInformation).toBeCloseTo(
      (3 * information(3, 2) + 2 * information(2, 0) + 4 * information(4, 3)) / 9,
      12,
    )
    // No direction is above 0 at four sites.
    expect(regions.directions[0]).toMatchObject({ kind: 'UNIT', directionCount: 5 })
    expect(regions.directions[0].matched).toMatchObject({
      matchedShare: 5 / 9,
      labelEntropy: (3 * 2 + 2 * 1) / 5,
    })
    expect(pair.sets).toMatchObject({ setCount: 1, siteCount: 5 })
    expect(pair.sets.labelEntropy).toBeCloseTo(binary(2 / 5), 12)
    expect(pair.directions[3]).toEqual({ kind: 'CHANCE', directionCount: 5, matched: null })
  })
})
