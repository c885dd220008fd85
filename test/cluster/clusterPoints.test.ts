import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { clusterPoints } from '#atlas/compute/cluster/index.js'
import { uniform } from '../support/onnx.ts'

/** What expected/make.py says. */
const expectedOf = (name: string) =>
  z
    .object({
      columns: z.int(),
      values: z.array(z.number()),
      cases: z.array(
        z.object({
          minSamples: z.int(),
          minClusterSize: z.int(),
          labels: z.array(z.int()),
          probabilities: z.array(z.number()),
          outlierScores: z.array(z.number()),
        }),
      ),
    })
    .parse(JSON.parse(readFileSync(join(import.meta.dirname, 'expected', `${name}.json`), 'utf8')))

const close = (values: readonly number[]) => values.map((value) => expect.closeTo(value, 6) as number)

describe.each(['moonPoints', 'blobs', 'grey'])('%s', (name) => {
  const { columns, values, cases } = expectedOf(name)
  const rows = values.length / columns

  it.each(cases)(
    'have the clusters of the definition: $minSamples samples, size $minClusterSize',
    async ({ labels, probabilities, outlierScores, ...sizes }) => {
      const found = await clusterPoints({ values: Float64Array.from(values), rows, columns, ...sizes })
      expect([...found.labels]).toEqual(labels)
      expect(found.clusterCount).toBe(Math.max(-1, ...labels) + 1)
      expect([...found.probabilities]).toEqual(close(probabilities))
      expect([...found.outlierScores]).toEqual(close(outlierScores))
    },
  )
})

/** The least distances that hold all points together: of a tree that grows by the nearest point outside. */
function treeDistances(points: readonly (readonly number[])[], minSamples: number): number[] {
  const apart = points.map((a) => points.map((b) => Math.hypot(...a.map((value, i) => value - b[i]))))
  const core = apart.map((row) => [...row].sort((x, y) => x - y)[minSamples - 1])
  const found: number[] = []
  const inside = new Set([0])
  while (inside.size < points.length) {
    let [least, nearest] = [Infinity, -1]
    for (const a of inside) {
      for (const b of points.keys()) {
        const distance = Math.max(apart[a][b], core[a], core[b])
        if (!inside.has(b) && distance < least) [least, nearest] = [distance, b]
      }
    }
    found.push(least)
    inside.add(nearest)
  }
  return found.sort((x, y) => x - y)
}

describe('points', () => {
  it('hold together at the distances of the smallest tree, also where many are equal', async () => {
    const coordinate = fc.integer({ min: 0, max: 4 })
    const distinct = fc.uniqueArray(fc.tuple(coordinate, coordinate, coordinate), {
      minLength: 3,
      maxLength: 30,
      selector: (point) => point.join(),
    })
    await fc.assert(
      fc.asyncProperty(distinct, fc.integer({ min: 1, max: 3 }), async (points, minSamples) => {
        const { tree } = await clusterPoints({
          ...{ values: Float64Array.from(points.flat()), rows: points.length, columns: 3 },
          ...{ minSamples, minClusterSize: points.length },
        })
        // With such a size nothing splits: a row leaves where it comes apart from the rest.
        const last = treeDistances(points, minSamples).at(-1)
        expect(Math.max(...tree.leaves)).toBeCloseTo(last ?? Number.NaN, 9)
        expect(tree.death[0]).toBeCloseTo(last ?? Number.NaN, 9)
      }),
      { numRuns: 30 },
    )
  })

  it('are told to be done, step by step, and left when nobody waits any more', async () => {
    const random = uniform(3)
    const values = Float64Array.from({ length: 600 * 20 }, random)
    const input = { values, rows: 600, columns: 20, minSamples: 5, minClusterSize: 5 }
    const seen: number[] = []
    await clusterPoints(input, { onProgress: (done) => void seen.push(done) })
    expect(seen.at(-1)).toBe(1200)
    expect(seen).toEqual([...seen].sort((x, y) => x - y))
    const gone = new AbortController()
    const left = clusterPoints(input, {
      signal: gone.signal,
      onProgress: () => gone.abort(new Error('gone')),
    })
    await expect(left).rejects.toThrow('gone')
    await expect(clusterPoints({ ...input, minClusterSize: 601 })).rejects.toMatchObject({
      code: 'BAD_ARGUMENT',
    })
  })
})
