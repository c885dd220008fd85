import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { crossTabulate } from '#atlas/compute/compare/contingency.js'
import { matchRegions } from '#atlas/compute/compare/matchRegions.js'

function match(a: readonly number[], b: readonly number[]) {
  const matches = matchRegions(crossTabulate(Int32Array.from(a), 8, Int32Array.from(b), 8))
  return [...matches.a].map((region, i) => ({
    a: region,
    b: matches.b[i],
    jaccard: matches.jaccard[i],
    shared: matches.shared[i],
  }))
}

/** Greedy matching by looking for the best pair again and again, over sets of sites. */
function naive(a: readonly number[], b: readonly number[]) {
  const matches: ReturnType<typeof match> = []
  for (;;) {
    let best = { a: -1, b: -1, jaccard: 0, shared: 0 }
    for (let i = 0; i < 8; i++) {
      for (let j = 0; j < 8; j++) {
        if (matches.some((found) => found.a === i || found.b === j)) continue
        const shared = a.filter((region, site) => region === i && b[site] === j).length
        const jaccard = shared / a.filter((region, site) => region === i || b[site] === j).length
        const better = jaccard > best.jaccard || (jaccard === best.jaccard && shared > best.shared)
        if (shared > 0 && better) best = { a: i, b: j, jaccard, shared }
      }
    }
    if (best.shared === 0) return matches
    matches.push(best)
  }
}

describe('matchRegions', () => {
  it('takes the best pair first, by hand', () => {
    // Cells: (0,0) 3 of 4, (0,1) 1 of 4, (1,1) 2 of 3.
    expect(match([0, 0, 0, 0, 1, 1], [0, 0, 0, 1, 1, 1])).toEqual([
      { a: 0, b: 0, jaccard: 3 / 4, shared: 3 },
      { a: 1, b: 1, jaccard: 2 / 3, shared: 2 },
    ])
    // One region of a against two of b: the lower index wins the tie, the other stays alone.
    expect(match([5, 5], [3, 2])).toEqual([{ a: 5, b: 2, jaccard: 1 / 2, shared: 1 }])
  })

  it('is the greedy matching of the definition', () => {
    const pair = fc
      .integer({ min: 1, max: 30 })
      .chain((n) => fc.tuple(...[0, 1].map(() => fc.array(fc.nat(7), { minLength: n, maxLength: n }))))
    fc.assert(
      fc.property(pair, ([a, b]) => {
        expect(match(a, b)).toEqual(naive(a, b))
      }),
    )
  })
})
