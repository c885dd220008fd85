import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { clusterCodes, type ClusterInput } from '#atlas/compute/cluster/index.js'
import { packRows, randomRows } from '../support/reference.ts'

/** What expected/make.py says, which asks for components of graphs, with no tree and no union of sets. */
const expectedOf = (name: string) =>
  z
    .object({
      bitCount: z.int(),
      codes: z.array(z.string()),
      cases: z.array(
        z.object({
          metric: z.enum(['HAMMING', 'JACCARD']),
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

describe.each(['moons', 'densities', 'digits'])('%s', (name) => {
  const { bitCount, codes, cases } = expectedOf(name)
  const packed = new Uint8Array(Buffer.from(codes.join(''), 'hex'))

  it.each(cases)(
    'has the clusters of the definition: $metric, $minSamples samples, size $minClusterSize',
    async ({ labels, probabilities, outlierScores, ...parameters }) => {
      const found = await clusterCodes({ codes: packed, bitCount, ...parameters })
      expect([...found.labels]).toEqual(labels)
      expect(found.clusterCount).toBe(Math.max(-1, ...labels) + 1)
      expect([...found.probabilities]).toEqual(close(probabilities))
      expect([...found.outlierScores]).toEqual(close(outlierScores))
    },
  )

  it('has them in any order of the rows', async () => {
    const order = [...codes.keys()].sort((x, y) => codes[x].localeCompare(codes[y]))
    const sorted = new Uint8Array(Buffer.from(order.map((row) => codes[row]).join(''), 'hex'))
    const input: Omit<ClusterInput, 'codes'> = {
      bitCount,
      metric: 'HAMMING',
      minSamples: 3,
      minClusterSize: 5,
    }
    const [one, other] = [
      await clusterCodes({ codes: packed, ...input }),
      await clusterCodes({ codes: sorted, ...input }),
    ]
    const pairs = new Set(order.map((row, place) => `${one.labels[row]} ${other.labels[place]}`))
    expect(pairs.size).toBe(one.clusterCount + 1)
    const scores = order.map((row) => one.outlierScores[row])
    expect([...other.outlierScores]).toEqual(close(scores))
  })

  it('has a tree in which nodes hold what their rows and parts say', async () => {
    const { tree, labels } = await clusterCodes({
      ...{ codes: packed, bitCount },
      ...{ metric: 'HAMMING', minSamples: 1, minClusterSize: 2 },
    })
    tree.parent.forEach((parent, node) => {
      const leaving = [...tree.nodeOfRow.keys()].filter((row) => tree.nodeOfRow[row] === node)
      const parts = [...tree.parent.keys()].filter((part) => tree.parent[part] === node)
      expect(tree.size[node]).toBe(leaving.length + parts.reduce((sum, part) => sum + tree.size[part], 0))
      for (const row of leaving) expect(tree.leaves[row]).toBeGreaterThanOrEqual(tree.death[node])
      for (const part of parts) expect(tree.birth[part]).toBe(tree.death[node])
      if (node > 0) expect(parent).toBeLessThan(node)
      const { birth, stability, cluster } = tree
      const mass =
        leaving.reduce((sum, row) => sum + 1 / tree.leaves[row] - 1 / birth[node], 0) +
        parts.reduce((sum, part) => sum + tree.size[part] * (1 / birth[part] - 1 / birth[node]), 0)
      expect(stability[node]).toBeCloseTo(mass, 9)
      if (cluster[node] >= 0) for (const row of leaving) expect(labels[row]).toBe(cluster[node])
    })
  })
})

describe('codes', () => {
  it('are never closer for Jaccard clusters than the kernel says: rows without ones, and all equal sizes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 3, max: 60 }),
        fc.integer({ min: 1, max: 400 }),
        async (rows, seed) => {
          const bits = [...randomRows(rows - 1, 70, seed), new Array<boolean>(70).fill(false)]
          const input = { codes: packRows(bits), bitCount: 70, minSamples: 2, minClusterSize: 2 }
          const { tree } = await clusterCodes({ ...input, metric: 'JACCARD' })
          for (const distance of tree.leaves) {
            expect(distance).toBeGreaterThan(0)
            expect(distance).toBeLessThanOrEqual(1)
          }
          // Nothing is nearer to the row without ones than 1.
          expect(tree.leaves[rows - 1]).toBe(1)
        },
      ),
      { numRuns: 20 },
    )
  })

  it('are told to be done, step by step', async () => {
    const seen: [number, number][] = []
    const codes = packRows(randomRows(500, 64, 1))
    const onProgress = (done: number, total: number) => void seen.push([done, total])
    await clusterCodes(
      { codes, bitCount: 64, metric: 'JACCARD', minSamples: 5, minClusterSize: 5 },
      { onProgress },
    )
    expect(seen.at(-1)).toEqual([1000, 1000])
    expect(seen.map(([done]) => done)).toEqual(seen.map(([done]) => done).sort((x, y) => x - y))
  })

  it('are left when nobody waits any more', async () => {
    const codes = packRows(randomRows(4000, 256, 1))
    const stop = new AbortController()
    const options = { signal: stop.signal, onProgress: () => stop.abort(new Error('enough')) }
    const running = clusterCodes(
      { codes, bitCount: 256, metric: 'HAMMING', minSamples: 5, minClusterSize: 5 },
      options,
    )
    await expect(running).rejects.toThrow('enough')
  })

  it.each([
    [{ minClusterSize: 1 }, 'minClusterSize is 1: choose a whole number from 2 to 4'],
    [{ minClusterSize: 5 }, 'minClusterSize is 5: choose a whole number from 2 to 4'],
    [{ minSamples: 0 }, 'minSamples is 0: choose a whole number from 1 to 4'],
    [{ minSamples: 5 }, 'minSamples is 5: choose a whole number from 1 to 4'],
    [{ minSamples: 1.5 }, 'minSamples is 1.5: choose a whole number from 1 to 4'],
    [{ codes: packRows(randomRows(1, 9, 1)) }, 'There are 1 regions to cluster'],
    [{ codes: new Uint8Array() }, 'There are 0 regions to cluster'],
  ])('are refused with %j', async (change, message) => {
    const codes = packRows(randomRows(4, 9, 1))
    const input = {
      codes,
      bitCount: 9,
      metric: 'HAMMING' as const,
      minSamples: 2,
      minClusterSize: 2,
      ...change,
    }
    await expect(clusterCodes(input)).rejects.toMatchObject({
      code: 'BAD_ARGUMENT',
      message: expect.stringContaining(message) as string,
    })
  })
})
