import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hamming, randomRows, type Bits } from '../../support/reference.ts'
import { backends, manyRows } from './backends.ts'
import { mask, share, toggle, twoSets } from './rows.ts'

interface Edge {
  from: number
  to: number
  distance: number
}

/** Mutual reachability distances of all pairs. */
function reachability(rows: readonly Bits[], core: readonly number[]): number[][] {
  return rows.map((x, i) => rows.map((y, j) => Math.max(core[i], core[j], hamming(x, y))))
}

/** 1 - |x and y| / |x or y| as the float32 nearest to that fraction. */
function jaccard(x: Bits, y: Bits): number {
  const union = x.filter((bit, i) => bit || y[i]).length
  return union === 0 ? 0 : Math.fround(hamming(x, y) / union)
}

/** Prim's rule with the tie rule of the contract, every row looked at from every row of the tree each time. */
function plainPrim(distances: readonly (readonly number[])[]): Edge[] {
  const tree = distances.length > 0 ? [0] : []
  const edges: Edge[] = []
  while (tree.length < distances.length) {
    let best: Edge | undefined
    for (let row = 0; row < distances.length; row++) {
      if (tree.includes(row)) continue
      const distance = Math.min(...tree.map((member) => distances[member][row]))
      const from = tree.find((member) => distances[member][row] === distance) ?? -1
      if (!best || distance < best.distance) best = { from, to: row, distance }
    }
    if (!best) break
    edges.push(best)
    tree.push(best.to)
  }
  return edges
}

/** Total weight of a minimum spanning tree by Kruskal's rule. */
function kruskalWeight(distances: readonly (readonly number[])[]): number {
  const parent = distances.map((_, i) => i)
  const root = (i: number): number => (parent[i] === i ? i : root(parent[i]))
  const pairs = distances.flatMap((row, i) => row.slice(0, i).map((distance, j) => ({ i, j, distance })))
  let weight = 0
  for (const { i, j, distance } of pairs.sort((x, y) => x.distance - y.distance)) {
    if (root(i) === root(j)) continue
    parent[root(i)] = root(j)
    weight += distance
  }
  return weight
}

const totalOf = (edges: readonly Edge[]): number => edges.reduce((sum, { distance }) => sum + distance, 0)

describe.each(backends)('spanningTree of $name', (kernels) => {
  /** The whole tree, grown so many edges at a time. */
  async function grow(rows: readonly Bits[], bitCount: number, core: readonly number[], step: number) {
    const tree = kernels.spanningTree(await share(rows, bitCount), Int32Array.from(core))
    for (let size = 0; size < rows.length; size += step) {
      tree.grow(step)
      const grown = Math.max(0, Math.min(size + step, rows.length - 1))
      expect(tree.edges().to).toHaveLength(grown)
    }
    const { from, to, distances } = tree.edges()
    return Array.from(to, (row, i): Edge => ({ from: from[i], to: row, distance: distances[i] }))
  }

  const cores = fc.array(fc.constantFrom(0, 0, 1, 2, 3, 8), { minLength: 40, maxLength: 40 })
  const step = fc.integer({ min: 1, max: 60 })

  test('is that of Prim with the tie rule, and as light as that of Kruskal', async () => {
    await fc.assert(
      fc.asyncProperty(twoSets, cores, step, async ({ bitCount, a }, core, step) => {
        const edges = await grow(a, bitCount, core.slice(0, a.length), step)
        const distances = reachability(a, core)
        expect(edges).toEqual(plainPrim(distances))
        expect(totalOf(edges)).toBe(kruskalWeight(distances))
      }),
    )
  })

  test('under Jaccard distances is that of Prim with the tie rule as well', async () => {
    await fc.assert(
      fc.asyncProperty(twoSets, cores, step, async ({ bitCount, a }, core, step) => {
        const some = Float32Array.from(a, (_, row) => core[row] / 8)
        const tree = kernels.jaccardTree(await share(a, bitCount), some)
        for (let size = 0; size < a.length; size += step) tree.grow(step)
        const { from, to, distances } = tree.edges()
        const apart = a.map((x, i) => a.map((y, j) => Math.max(some[i], some[j], jaccard(x, y))))
        const edges = Array.from(to, (row, i): Edge => ({ from: from[i], to: row, distance: distances[i] }))
        expect(edges).toEqual(plainPrim(apart))
      }),
    )
  })

  test('toggling one mask in all rows changes nothing', async () => {
    await fc.assert(
      fc.asyncProperty(twoSets, cores, mask, async ({ bitCount, a }, core, maskOf) => {
        const some = core.slice(0, a.length)
        const toggled = toggle(a, maskOf(bitCount))
        expect(await grow(toggled, bitCount, some, 60)).toEqual(await grow(a, bitCount, some, 60))
      }),
    )
  })

  test('many rows of 50 kinds: equal rows join at 0, and the rest is the tree of the kinds', async () => {
    const n = manyRows(kernels)
    const kinds = randomRows(50, 65, 17)
    const rows = Array.from({ length: n }, (_, i) => kinds[(i * 31) % 50])
    const edges = await grow(rows, 65, new Array<number>(n).fill(0), 4000)
    expect(totalOf(edges)).toBe(kruskalWeight(reachability(kinds, new Array<number>(50).fill(0))))
    const joined = new Set([0])
    for (const { from, to, distance } of edges) {
      expect(joined.has(from) && !joined.has(to)).toBe(true)
      expect(distance).toBe(hamming(rows[from], rows[to]))
      joined.add(to)
    }
    expect(joined.size).toBe(n)
  })

  test('many equal rows join in order, each through row 0', async () => {
    const n = manyRows(kernels)
    const rows = new Array<Bits>(n).fill(randomRows(1, 64, 18)[0])
    const edges = await grow(rows, 64, new Array<number>(n).fill(5), n)
    edges.forEach((edge, i) => expect(edge).toEqual({ from: 0, to: i + 1, distance: 5 }))
  })

  test('64,000 bits', async () => {
    const rows = randomRows(14, 64_000, 19)
    const core = rows.map((_, i) => (i % 3) * 15_990)
    expect(await grow(rows, 64_000, core, 5)).toEqual(plainPrim(reachability(rows, core)))
  })
})
