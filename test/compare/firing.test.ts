import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { firingByChance, firingStatistics } from '#atlas/compute/compare/index.js'

const log2 = (x: number) => Math.log(x) / Math.LN2
const entropyOf = (labels: readonly number[]) => {
  const share = (label: number) => labels.filter((other) => other === label).length / labels.length
  return labels.length === 0
    ? 0
    : -[...new Set(labels)].reduce((sum, x) => sum + share(x) * log2(share(x)), 0)
}
const informationOf = (labels: readonly number[], fires: readonly boolean[]) => {
  const [on, off] = [true, false].map((side) => labels.filter((_, i) => fires[i] === side))
  return (
    entropyOf(labels) -
    (on.length / labels.length) * entropyOf(on) -
    (off.length / labels.length) * entropyOf(off)
  )
}

/** Counts by label, of those without one last. */
function firingOf(labels: readonly number[], fires: readonly boolean[], classes: number) {
  const count = (keep: (site: number) => boolean) =>
    Float64Array.from({ length: classes + 1 }, (_, run) =>
      labels.reduce((sum, label, i) => sum + Number(keep(i) && (label < 0 ? classes : label) === run), 0),
    )
  return { sizes: count(() => true), fires: count((site) => fires[site]) }
}

const sites = fc.array(fc.record({ label: fc.integer({ min: -1, max: 3 }), fires: fc.boolean() }), {
  minLength: 1,
  maxLength: 9,
})

describe('the statistics of a unit', () => {
  it('are those of its sites', () => {
    fc.assert(
      fc.property(sites, (all) => {
        const known = all.filter(({ label }) => label >= 0)
        const on = known.filter(({ fires }) => fires).map(({ label }) => label)
        const found = firingStatistics(
          firingOf(
            all.map(({ label }) => label),
            all.map(({ fires }) => fires),
            4,
          ),
        )
        expect(found.firingRate).toBeCloseTo(all.filter(({ fires }) => fires).length / all.length, 12)
        expect(found.labelEntropy).toBeCloseTo(entropyOf(on), 12)
        const counts = [0, 1, 2, 3].map((label) => on.filter((other) => other === label).length)
        const most = Math.max(...counts)
        expect(found.label).toBe(most === 0 ? null : counts.indexOf(most))
        expect(found.purity).toBeCloseTo(most === 0 ? 1 : most / on.length, 12)
        const information =
          known.length === 0
            ? 0
            : informationOf(
                known.map(({ label }) => label),
                known.map(({ fires }) => fires),
              )
        expect(found.mutualInformation).toBeCloseTo(information, 12)
      }),
    )
  })

  it('by chance are the means over all choices of as many sites', () => {
    fc.assert(
      fc.property(sites, (all) => {
        const labels = all.map(({ label }) => label).filter((label) => label >= 0)
        const drawn = all.filter(({ label, fires }) => label >= 0 && fires).length
        fc.pre(labels.length > 0)
        const choices = Array.from({ length: 2 ** labels.length }, (_, bits) =>
          labels.map((_, i) => ((bits >> i) & 1) === 1),
        ).filter((fires) => fires.filter(Boolean).length === drawn)
        const mean = (value: (fires: boolean[]) => number) =>
          choices.reduce((sum, fires) => sum + value(fires), 0) / choices.length
        const found = firingByChance(firingOf(labels, choices[0], 4))
        expect(found.labelEntropy).toBeCloseTo(
          mean((fires) => entropyOf(labels.filter((_, i) => fires[i]))),
          9,
        )
        expect(found.mutualInformation).toBeCloseTo(
          mean((fires) => informationOf(labels, fires)),
          9,
        )
      }),
    )
  })
})
