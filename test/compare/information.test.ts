import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { adjustedRandIndex } from '#atlas/compute/compare/adjustedRand.js'
import { crossTabulate } from '#atlas/compute/compare/contingency.js'
import { adjustedMutualInformation, conditionalEntropies } from '#atlas/compute/compare/information.js'
import reference from './fixtures/reference.json' with { type: 'json' }

type Labels = readonly number[]

function table(a: Labels, b: Labels) {
  const regions = (labels: Labels): number => Math.max(...labels) + 1
  return crossTabulate(Int32Array.from(a), regions(a), Int32Array.from(b), regions(b))
}
const ami = (a: Labels, b: Labels): number => adjustedMutualInformation(table(a, b))
const ari = (a: Labels, b: Labels): number => adjustedRandIndex(table(a, b))

function entropy(labels: readonly (number | string)[]): number {
  const counts = new Map<number | string, number>()
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1)
  return [...counts.values()].reduce((sum, c) => sum - (c / labels.length) * Math.log2(c / labels.length), 0)
}
const joint = (a: Labels, b: Labels): string[] => a.map((label, site) => `${label} ${b[site]}`)
const mutual = (a: Labels, b: Labels): number => entropy(a) + entropy(b) - entropy(joint(a, b))

function orders<T>(items: readonly T[]): T[][] {
  if (items.length === 0) return [[]]
  return items.flatMap((item, i) => orders(items.toSpliced(i, 1)).map((rest) => [item, ...rest]))
}

const labelPair = fc
  .integer({ min: 1, max: 40 })
  .chain((n) => fc.tuple(...[0, 1].map(() => fc.array(fc.nat(6), { minLength: n, maxLength: n }))))

const singletons = Array.from({ length: 50 }, (_, i) => i)
const single = singletons.map(() => 0)
const halves = singletons.map((i) => i % 2)

describe('crossTabulate', () => {
  it('counts cells in order of a and b, and sizes', () => {
    const { a, b, count, sizesA, sizesB, siteCount } = table([2, 0, 2, 2, 0], [1, 3, 0, 1, 3])
    expect([siteCount, [...a], [...b], [...count]]).toEqual([5, [0, 2, 2], [3, 0, 1], [2, 1, 2]])
    expect([[...sizesA], [...sizesB]]).toEqual([
      [2, 0, 3],
      [1, 2, 0, 2],
    ])
  })
})

describe.each(reference.partitions)(
  '$name',
  ({ a, b, exactAmi, sklearnAmi, ari: rand, mutualInformationNats }) => {
    it('has the adjusted mutual information of exact rational arithmetic', () => {
      // Relative 1e-12; scikit-learn itself keeps 7 digits on near singletons.
      expect(ami(a, b) / exactAmi).toBeCloseTo(1, 12)
      expect(ami(a, b)).toBeCloseTo(sklearnAmi, 6)
    })

    it('has the adjusted Rand index of scikit-learn', () => {
      expect(ari(a, b)).toBeCloseTo(rand, 14)
    })

    it('has entropies that leave the mutual information of scikit-learn', () => {
      const { aGivenB, bGivenA } = conditionalEntropies(table(a, b))
      const bits = mutualInformationNats / Math.LN2
      expect(entropy(a) - aGivenB).toBeCloseTo(bits, 11)
      expect(entropy(b) - bGivenA).toBeCloseTo(bits, 11)
    })
  },
)

describe('adjustedMutualInformation', () => {
  it('corrects by the mean over all permutations of the sites', () => {
    const a = [0, 0, 0, 1, 1, 2, 3]
    const b = [0, 1, 1, 1, 1, 2, 0]
    const values = orders(b).map((order) => mutual(a, order))
    const expected = values.reduce((sum, value) => sum + value, 0) / values.length
    const mean = (entropy(a) + entropy(b)) / 2
    expect(ami(a, b)).toBeCloseTo((mutual(a, b) - expected) / (mean - expected), 12)
  })

  it('is 1 for equal cuts, also trivial ones, whatever the names of the regions', () => {
    expect(
      ami(
        halves,
        halves.map((label) => 1 - label),
      ),
    ).toBe(1)
    expect(ami(singletons, singletons.toReversed())).toBe(1)
    expect(ami(single, single)).toBe(1)
    expect(ami([0], [0])).toBe(1)
  })

  it('is 0 where no permutation changes anything', () => {
    expect(ami(single, halves)).toBe(0)
    expect(ami(halves, singletons)).toBe(0)
    expect(ami(single, singletons)).toBe(0)
  })
})

describe('adjustedRandIndex', () => {
  it('meets the values worked out by hand', () => {
    // Pairs together: a 2 of 6, b 2 of 6, both 1: (1 - 2/3) / (2 - 2/3).
    expect(ari([0, 0, 1, 1], [0, 0, 1, 2])).toBeCloseTo((1 - 2 / 6) / (1.5 - 2 / 6), 15)
    // Pairs together: a 2, b 2, both none: (0 - 2/3) / (2 - 2/3).
    expect(ari([0, 0, 1, 1], [0, 1, 0, 1])).toBe(-0.5)
    expect([ari(single, single), ari(singletons, singletons), ari(single, singletons)]).toEqual([1, 1, 0])
  })

  it('stays exact where products of pair counts pass 2^53', () => {
    const n = 200_000
    const a = Array.from({ length: n }, (_, i) => i >> 1)
    const b = Array.from({ length: n }, (_, i) => (i < 2 ? 0 : i - 1))
    // a has n/2 pairs, b one, and they share it.
    const all = (n * (n - 1)) / 2
    const expected = n / 2 / all
    const regions = (labels: Labels): number => labels[n - 1] + 1
    const cells = crossTabulate(Int32Array.from(a), regions(a), Int32Array.from(b), regions(b))
    expect(adjustedRandIndex(cells)).toBeCloseTo((1 - expected) / ((n / 2 + 1) / 2 - expected), 18)
  })
})

describe('conditionalEntropies', () => {
  it('are 0 where regions are nested, and bits the other way', () => {
    const quarters = singletons.slice(0, 48).map((i) => i % 4)
    expect(
      conditionalEntropies(
        table(
          quarters.map((label) => label >> 1),
          quarters,
        ),
      ),
    ).toEqual({
      aGivenB: 0,
      bGivenA: 1,
    })
  })
})

describe('all of them', () => {
  it('agree with the definitions, and trade places with their arguments', () => {
    fc.assert(
      fc.property(labelPair, ([a, b]) => {
        const { aGivenB, bGivenA } = conditionalEntropies(table(a, b))
        expect(aGivenB).toBeCloseTo(entropy(joint(a, b)) - entropy(b), 12)
        expect(bGivenA).toBeCloseTo(entropy(joint(a, b)) - entropy(a), 12)
        expect(ami(a, b)).toBeCloseTo(ami(b, a), 11)
        expect(ari(a, b)).toBe(ari(b, a))
        const together = (labels: Labels, i: number, j: number): boolean => labels[i] === labels[j]
        let [inA, inB, inBoth, all] = [0, 0, 0, 0]
        for (let i = 0; i < a.length; i++) {
          for (let j = 0; j < i; j++) {
            inA += Number(together(a, i, j))
            inB += Number(together(b, i, j))
            inBoth += Number(together(a, i, j) && together(b, i, j))
            all++
          }
        }
        const range = (inA + inB) / 2 - (inA * inB) / all
        if (range > 0) expect(ari(a, b)).toBeCloseTo((inBoth - (inA * inB) / all) / range, 12)
      }),
    )
  })
})
