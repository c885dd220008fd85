import { checkInput } from './check.ts'
import type { Contingency } from './contingency.ts'
import { rankDistances, type DistanceRanks } from './ranks.ts'
import { pairMetrics } from './pairMetrics.ts'
import { addPairSums } from './addPairSums.ts'
import { runTask } from './pool.ts'
import { shareSide, type SharedSide } from './sharedSide.ts'
import type { Tabulation } from './tabulate.ts'
import { cutTiles, runTiles, type Tile } from './tiles.ts'
import type { CompareInput, CompareOptions, ComparisonResult, PairMetrics } from './types.ts'

/** Both sides, ready for worker threads. */
interface Sides {
  a: SharedSide
  b: SharedSide
}

/** Runs a task over some rows and reports them when they are done. */
type RunRows = <T>(tiles: readonly Tile[], run: (tile: Tile) => Promise<T>) => Promise<T[]>

/**
 * Compares two partitions of the same sites by every metric of the contract. Nothing is sampled: the distance metrics
 * take all pairs of sites, so time grows with the square of the distinct pairs of regions. Runs on worker threads; the
 * event loop stays free. The answer is the same on every machine and for any number of cores.
 *
 * @throws AtlasError NOT_COMPARABLE where the sides have different sites or inputs, or none
 */
export async function comparePartitions(
  input: CompareInput,
  options: CompareOptions = {},
): Promise<ComparisonResult> {
  const { signal } = options
  signal?.throwIfAborted()
  checkInput(input)
  const { sameLayers, seed } = input
  const sides = { a: await shareSide(input.a), b: await shareSide(input.b) }
  const [matchedUnits, [tabulation, metrics, baseline]] = await Promise.all([
    runTask('matchUnits', sides, signal),
    runTask('tabulate', { ...sides, sameLayers, seed }, signal).then(async (tabulation) => {
      return [tabulation, ...(await comparePairs(sides, tabulation, options))] as const
    }),
  ])
  return {
    siteCount: input.a.regionOfSite.length,
    metrics: { ...tabulation.actual.metrics, ...metrics },
    baseline: { ...tabulation.baseline.metrics, ...baseline },
    sharedCodeCount: tabulation.sharedCodeCount,
    matchedRegions: tabulation.matchedRegions,
    matchedUnits,
    flips: tabulation.flips,
  }
}

/** The metrics over all pairs of sites, as they are and permuted. */
async function comparePairs(
  sides: Sides,
  { actual, baseline }: Tabulation,
  { onProgress, signal }: CompareOptions,
): Promise<[PairMetrics, PairMetrics]> {
  const { table } = actual
  const total = sides.a.rows.rows + sides.b.rows.rows + table.count.length + baseline.table.count.length
  let done = 0
  const runRows: RunRows = (tiles, run) =>
    runTiles(tiles, async (tile) => {
      const result = await run(tile)
      done += tile.to - tile.from
      onProgress?.(done, total)
      return result
    })
  // A permutation of sites moves no distances inside a side: both passes share the ranks.
  const ranksA = await rankSide(sides.a, table.sizesA, runRows, signal)
  const ranksB = await rankSide(sides.b, table.sizesB, runRows, signal)
  return [
    await passOverPairs(sides, table, ranksA, ranksB, runRows, signal),
    await passOverPairs(sides, baseline.table, ranksA, ranksB, runRows, signal),
  ]
}

/** How the distances of one side are distributed over all pairs of sites. */
async function rankSide(
  side: SharedSide,
  sizes: Int32Array,
  runRows: RunRows,
  signal: AbortSignal | undefined,
): Promise<DistanceRanks> {
  const tiles = cutTiles(side.rows.rows, (side.rows.rows * (side.rows.width + 1)) / 2)
  const parts = await runRows(tiles, (tile) =>
    runTask('countDistances', { rows: side.rows, sizes, ...tile }, signal),
  )
  return rankDistances(parts.reduce((sum, part) => sum.map((count, distance) => count + part[distance])))
}

/** The joint metrics of the two sides under one cross table. */
async function passOverPairs(
  sides: Sides,
  table: Contingency,
  ranksA: DistanceRanks,
  ranksB: DistanceRanks,
  runRows: RunRows,
  signal: AbortSignal | undefined,
): Promise<PairMetrics> {
  const { a, b } = sides
  const ranks = { ranksA: ranksA.ranks, ranksB: ranksB.ranks }
  const rowWork = a.rows.rows * (a.rows.width + 1) + b.rows.rows * (b.rows.width + 1) + 4 * table.count.length
  const tiles = cutTiles(table.count.length, rowWork)
  const parts = await runRows(tiles, (tile) =>
    runTask('sumPairs', { table, a: a.rows, b: b.rows, ...ranks, ...tile }, signal),
  )
  return pairMetrics(addPairSums(parts), ranksA, ranksB, table.siteCount)
}
