import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { choosePairs, pairsOf, type ChosenPairs } from '#atlas/compute/compare/index.js'

const labelling = fc.array(fc.nat({ max: 4 }), { minLength: 2, maxLength: 25 })

const keysOf = ({ from, to }: ChosenPairs) =>
  Array.from(from, (a, i) => [a, to[i]].sort((x, y) => x - y).join())

/** Every pair of inputs, by their labels. */
function allPairs(labels: readonly number[]): Map<string, string[]> {
  const groups = new Map<string, string[]>()
  for (let j = 1; j < labels.length; j++) {
    for (let i = 0; i < j; i++) {
      const key = [labels[i], labels[j]].sort((x, y) => x - y).join()
      groups.set(key, [...(groups.get(key) ?? []), `${i},${j}`])
    }
  }
  return groups
}

describe('pairs of a labelled dataset', () => {
  it('are all there are where no fewer are asked for', () => {
    fc.assert(
      fc.property(labelling, fc.nat(), fc.nat({ max: 5 }), (labels, seed, more) => {
        const chosen = choosePairs(
          Int32Array.from(labels),
          labels.length,
          pairsOf(labels.length) + more,
          seed,
        )
        const expected = [...allPairs(labels).values()].flat().sort()
        expect(keysOf(chosen).sort()).toEqual(expected)
      }),
    )
  })

  it('are distinct, lie in their strata, and cover these evenly', () => {
    fc.assert(
      fc.property(labelling, fc.nat(), fc.double({ min: 0, max: 1, noNaN: true }), (labels, seed, share) => {
        const asked = Math.max(1, Math.floor(share * pairsOf(labels.length)))
        const chosen = choosePairs(Int32Array.from(labels), labels.length, asked, seed)
        const { from, to, strata, withinCount } = chosen
        expect(from).toHaveLength(asked)
        expect(new Set(keysOf(chosen)).size).toBe(asked)
        let next = 0
        for (const { labelA, labelB, first, count } of strata) {
          expect(first).toBe(next)
          next += count
          for (let i = first; i < next; i++)
            expect([labels[from[i]], labels[to[i]]]).toEqual([labelA, labelB])
          expect(labelA === labelB).toBe(next <= withinCount)
        }
        expect(next).toBe(asked)
        const counts = new Map(strata.map(({ labelA, labelB, count }) => [`${labelA},${labelB}`, count]))
        const groups = [...allPairs(labels)].map(([key, { length }]) => ({ key, room: length }))
        const isWithin = ({ key }: { key: string }) => key.split(',')[0] === key.split(',')[1]
        const halves = [groups.filter(isWithin), groups.filter((group) => !isWithin(group))]
        expectEven(
          halves.map((half) => ({
            room: half.reduce((sum, { room }) => sum + room, 0),
            count: half.reduce((sum, { key }) => sum + (counts.get(key) ?? 0), 0),
          })),
        )
        for (const half of halves)
          expectEven(half.map(({ key, room }) => ({ room, count: counts.get(key) ?? 0 })))
      }),
    )
  })

  it('are the same for one seed and others for another', () => {
    const labels = Int32Array.from({ length: 60 }, (_, i) => i % 3)
    const of = (seed: number) => keysOf(choosePairs(labels, 60, 50, seed)).join(' ')
    expect(of(1)).toBe(of(1))
    expect(of(2)).not.toBe(of(1))
  })
})

/** Whoever has room has at most one less than the greatest share. */
function expectEven(shares: readonly { room: number; count: number }[]): void {
  const most = Math.max(...shares.map(({ count }) => count))
  for (const { room, count } of shares) if (count < room) expect(count).toBeGreaterThanOrEqual(most - 1)
}

it('are refused where nearly every input has a label of its own', () => {
  const labels = Int32Array.from({ length: 3000 }, (_, i) => i >> 1)
  expect(() => choosePairs(labels, 3000, 10, 1)).toThrow(/1500 distinct labels/)
})

describe('pairs of a dataset without labels', () => {
  it('are one stratum, each about as often', () => {
    const seen = new Map<string, number>()
    for (let seed = 0; seed < 4000; seed++) {
      const chosen = choosePairs(null, 6, 3, seed)
      expect(chosen.strata).toEqual([{ labelA: null, labelB: null, first: 0, count: 3 }])
      for (const key of keysOf(chosen)) seen.set(key, (seen.get(key) ?? 0) + 1)
    }
    expect(seen.size).toBe(15)
    // 800 expected, standard deviation 25.
    for (const count of seen.values()) expect(Math.abs(count - 800)).toBeLessThan(105)
  })

  it('reach the last inputs of a large one', () => {
    const inputs = 200_000
    const { from, to } = choosePairs(null, inputs, 20_000, 3)
    expect(from.every((input, i) => input < to[i])).toBe(true)
    expect(to.every((input) => input < inputs)).toBe(true)
    // The later of two has the mean 2/3, the earlier 1/3; standard deviation 0.0017.
    const mean = (values: Int32Array) =>
      values.reduce((sum, value) => sum + value / inputs, 0) / values.length
    expect(mean(to)).toBeCloseTo(2 / 3, 2)
    expect(mean(from)).toBeCloseTo(1 / 3, 2)
  })
})
