import fc from 'fast-check'
import { expect, it } from 'vitest'
import { maximumAssignment } from '#atlas/compute/compare/assignment.js'
import { crossTabulate } from '#atlas/compute/compare/contingency.js'
import { matchMostSites } from '#atlas/compute/compare/regionOverlap.js'
import { uniform } from '../support/onnx.ts'

function expectMost(a: number[], b: number[], regionsA: number, regionsB: number) {
  const table = crossTabulate(Int32Array.from(a), regionsA, Int32Array.from(b), regionsB)
  const cells = [...matchMostSites(table)]
  expect(cells).toEqual([...new Set(cells)].sort((x, y) => x - y))
  for (const side of [table.a, table.b])
    expect(new Set(cells.map((cell) => side[cell])).size).toBe(cells.length)
  const dense = new Float64Array(regionsA * regionsB)
  table.a.forEach((row, cell) => (dense[row * regionsB + table.b[cell]] = table.count[cell]))
  const best = [...maximumAssignment(dense, regionsA, regionsB)].reduce(
    (sum, column, row) => sum + (column < 0 ? 0 : dense[row * regionsB + column]),
    0,
  )
  expect(cells.reduce((sum, cell) => sum + table.count[cell], 0)).toBe(best)
}

it('matches as many sites as a dense assignment does', () => {
  const sites = fc.array(fc.tuple(fc.integer({ min: 0, max: 8 }), fc.integer({ min: 0, max: 6 })), {
    minLength: 1,
    maxLength: 80,
  })
  fc.assert(
    fc.property(sites, (pairs) =>
      expectMost(
        pairs.map(([a]) => a),
        pairs.map(([, b]) => b),
        9,
        7,
      ),
    ),
    { numRuns: 500 },
  )
})

it('gives up a pair for two that hold more', () => {
  // Regions 0 share 5 sites, but 0 with 1 and 1 with 0 share 4 each.
  const cells = [
    [0, 0, 5],
    [0, 1, 4],
    [1, 0, 4],
  ]
  const sites = cells.flatMap(([a, b, count]) => Array.from({ length: count }, () => [a, b]))
  const [a, b] = [0, 1].map((side) => Int32Array.from(sites, (pair) => pair[side]))
  const table = crossTabulate(a, 2, b, 2)
  expect([...matchMostSites(table)].map((cell) => [table.a[cell], table.b[cell]])).toEqual([
    [0, 1],
    [1, 0],
  ])
})

it('matches hundreds of regions that all hang together', () => {
  const random = uniform(9)
  const draw = (regions: number) => Array.from({ length: 3000 }, () => Math.floor(random() ** 2 * regions))
  expectMost(draw(300), draw(200), 300, 200)
  expectMost(draw(150), draw(400), 150, 400)
})
