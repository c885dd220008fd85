import diagnostics from 'node:diagnostics_channel'
import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { requestComparison } from '#atlas/src/jobs/commands/requestComparison.js'
import { addDataset, addPartition } from '../support/atlas.ts'
import { runJobs, useAtlas } from './support/atlas.ts'

const [A, B, C, A1, D] = [
  'mlp-a/0..1@points',
  'mlp-b/0..1@points',
  'mlp-b/1..1@points',
  'mlp-a/1..1@points',
  'mlp-a/0..0@points',
]
// B and C in both orders, C and A1 in the order that the matrix turns, and A with itself.
const atlas = useAtlas({
  partitions: [A, B, C, A1, D],
  comparisons: [[A, B], [A1, C], [C, B], [B, C], [A, A]], // prettier-ignore
})

const MATRIX = `query ($partitions: [ID!]!, $metric: ComparisonMetric = AGREEMENT) {
  comparisonMatrix(partitions: $partitions, metric: $metric) { metric partitions { path } values baseline
    missing { a { path } b { path } } } }`
const cells = z.array(z.array(z.number().nullable()))
const path = z.object({ path: z.string() })
const matrix = z.object({
  comparisonMatrix: z.object({
    metric: z.string(),
    partitions: z.array(path),
    values: cells,
    baseline: cells,
    missing: z.array(z.object({ a: path, b: path })),
  }),
})

async function matrixOf(partitions: readonly string[], metric: string) {
  return matrix.parse(await atlas.ask(MATRIX, { partitions, metric })).comparisonMatrix
}

const FIELDS: [metric: string, field: string, turned: string][] = [
  ['ADJUSTED_MUTUAL_INFORMATION', 'adjustedMutualInformation', 'adjustedMutualInformation'],
  ['ADJUSTED_RAND_INDEX', 'adjustedRandIndex', 'adjustedRandIndex'],
  ['VARIATION_OF_INFORMATION', 'variationOfInformation', 'variationOfInformation'],
  ['CONDITIONAL_ENTROPY', 'conditionalEntropyAGivenB', 'conditionalEntropyBGivenA'],
  ['HAMMING_KERNEL_CKA', 'hammingKernelCka', 'hammingKernelCka'],
  ['DISTANCE_RANK_CORRELATION', 'distanceRankCorrelation', 'distanceRankCorrelation'],
  ['NEIGHBOR_OVERLAP', 'neighborOverlap', 'neighborOverlap'],
  ['AGREEMENT', 'agreement', 'agreement'],
]

/** What `comparison` answers of the cell (a, b) and of the cell (b, a). */
async function cellsOf(a: string, b: string, field: string, turned: string) {
  const answer = z.object({ comparison: z.record(z.string(), z.unknown()) }).parse(
    await atlas.ask(
      `query ($a: ID!, $b: ID!) { comparison(a: $a, b: $b) { forward: ${field} backward: ${turned}
        baseline { forward: ${field} backward: ${turned} } } }`,
      { a, b },
    ),
  )
  return answer.comparison
}

describe('comparisonMatrix', () => {
  it.each(FIELDS)('has the cells of %s from comparisons in either order', async (metric, field, turned) => {
    const found = await matrixOf([A, B, C, A1], metric)
    expect(found.metric).toBe(metric)
    expect(found.partitions.map(({ path }) => path)).toEqual([A, B, C, A1])
    const cell = (i: number, j: number) => ({
      forward: found.values[i][j],
      backward: found.values[j][i],
      baseline: { forward: found.baseline[i][j], backward: found.baseline[j][i] },
    })
    expect(cell(0, 1)).toEqual(await cellsOf(A, B, field, turned))
    expect(cell(1, 2)).toEqual(await cellsOf(B, C, field, turned))
    expect(cell(3, 2)).toEqual(await cellsOf(A1, C, field, turned))
    expect(cell(0, 0)).toEqual(await cellsOf(A, A, field, field))
    for (const [i, j] of [
      [0, 2],
      [0, 3],
      [1, 3],
      [1, 1],
      [2, 2],
    ])
      // prettier-ignore
      expect(cell(i, j)).toEqual({ forward: null, backward: null, baseline: { forward: null, backward: null } })
    expect(found.missing.map(({ a, b }) => [a.path, b.path])).toEqual([[A, C], [A, A1], [B, A1]]) // prettier-ignore
  })

  it('reads H(row|column) so that the code of a span tells that of a layer in it', async () => {
    const found = await matrixOf([B, C], 'CONDITIONAL_ENTROPY')
    expect(found.values[1][0]).toBeCloseTo(0, 12)
    expect(found.values[0][1]).toBeGreaterThan(0.1)
    const turned = await matrixOf([C, B], 'CONDITIONAL_ENTROPY')
    expect(turned.values[0][1]).toBeCloseTo(0, 12)
  })

  it('reads all cells by one statement', async () => {
    const statements: string[] = []
    const listen = (text: unknown) => statements.push(String(text))
    diagnostics.subscribe('atlas:sql', listen)
    await atlas.ask(
      'query ($partitions: [ID!]!) { comparisonMatrix(partitions: $partitions, metric: AGREEMENT) { values } }',
      {
        partitions: [A, B, C, A1, D],
      },
    )
    diagnostics.unsubscribe('atlas:sql', listen)
    expect(statements).toHaveLength(2)
    expect(statements.filter((text) => text.includes('from comparison'))).toHaveLength(1)
  })
})

describe('comparisonMatrix and compareAll', () => {
  const queries = [
    MATRIX,
    'mutation ($partitions: [ID!]!) { compareAll(partitions: $partitions) { jobs { id } } }',
  ]

  beforeAll(async () => {
    await addDataset(atlas.db, 'few', new Float32Array(12), 6)
    await addPartition(atlas.db, 'mlp-a/0..1@few')
    await addPartition(atlas.db, 'tokens/0..0@points~positions')
    await runJobs(atlas.db)
  })

  it.each(queries)('refuse what cannot be a matrix: %s', async (query) => {
    const code = (partitions: readonly string[]) => atlas.codeOf(query, { partitions })
    expect(await code([A])).toBe('BAD_ARGUMENT')
    expect(await code([])).toBe('BAD_ARGUMENT')
    expect(await code([A, B, A])).toBe('BAD_ARGUMENT')
    expect(await code(Array.from({ length: 65 }, () => A))).toBe('TOO_MANY_REQUESTED')
    expect(await code([A, 'mlp-a/0..1@none'])).toBe('UNKNOWN_PARTITION')
    expect(await code([A, 'nonsense'])).toBe('BAD_ID')
    expect(await code([A, 'mlp-a/0..1@few'])).toBe('NOT_COMPARABLE')
    expect(await code([A, 'tokens/0..0@points~positions'])).toBe('NOT_COMPARABLE')
  })
})

describe('compareAll', () => {
  const ALL =
    'mutation ($partitions: [ID!]!) { compareAll(partitions: $partitions) { jobs { id kind state } } }'
  const job = z.object({ id: z.string(), kind: z.literal('compare'), state: z.string() })
  const compareAll = async (partitions: readonly string[]) =>
    z
      .object({ compareAll: z.object({ jobs: z.array(job) }) })
      .parse(await atlas.ask(ALL, { partitions }))
      .compareAll.jobs.map(({ id }) => id)

  it('says PARTITION_NOT_READY', async () => {
    await addPartition(atlas.db, 'mlp-b/0..0@points')
    expect(await atlas.codeOf(ALL, { partitions: [A, 'mlp-b/0..0@points'] })).toBe('PARTITION_NOT_READY')
    await runJobs(atlas.db)
  })

  it('queues what is missing once, counting jobs under way in either order', async () => {
    const found = await atlas.db.prisma.partition.findMany({
      where: { id: { lte: 5 } },
      orderBy: { id: 'asc' },
    })
    // D and A are asked for in the order that compareAll would not take.
    const underWay = await requestComparison(atlas.db, found[4].id, found[0].id)
    const jobs = await compareAll([A, B, C, A1, D])
    // Of ten pairs (A, B), (B, C) and (C, A1) are compared.
    expect(jobs).toHaveLength(7)
    expect(new Set(jobs).size).toBe(7)
    expect(jobs[2]).toBe(Buffer.from(`Job:${underWay ?? ''}`).toString('base64url'))
    expect(await compareAll([A, B, C, A1, D])).toEqual(jobs)
    expect(await compareAll([D, B])).toEqual([jobs[4]])
    await runJobs(atlas.db)
    expect(await compareAll([A, B, C, A1, D])).toEqual([])
    const { values, missing } = await matrixOf([A, B, C, A1, D], 'ADJUSTED_RAND_INDEX')
    expect(missing).toEqual([])
    values.forEach((row, i) => row.forEach((cell, j) => expect(cell === null).toBe(i === j && i > 0)))
  })
})
