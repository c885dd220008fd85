import { MAX_OVERLAP, type PairSums, type PairTask } from '../contract.ts'
import type { CodeRows } from '../codeRows.ts'
import { DistanceRow } from './distanceRow.ts'
import { NearestLevels } from './nearestLevels.ts'
import { OverlapCounter } from './overlap.ts'

/** What one cell needs of each side: its distances, their sum over sites, and the levels of its neighbours. */
class SideRow {
  readonly row: DistanceRow
  readonly levels: NearestLevels
  /** Sum of the distances to all sites. */
  sum = 0
  readonly #sizes: Int32Array
  readonly #wanted: number
  #region = -1

  constructor(rows: CodeRows, sizes: Int32Array, wanted: number) {
    this.row = new DistanceRow(rows)
    this.levels = new NearestLevels(rows.bitCount)
    this.#sizes = sizes
    this.#wanted = wanted
  }

  /** Cells come by region of a: its row is measured once for all of them. */
  moveTo(region: number): void {
    if (region === this.#region) return
    this.#region = region
    this.row.measure(region, 0)
    this.levels.find(this.row.distances, this.#sizes, this.#wanted)
    this.sum = 0
    for (let i = 0; i < this.#sizes.length; i++) this.sum += this.row.distances[i] * this.#sizes[i]
  }
}

/**
 * Runs one pass, see {@link Kernels.sumPairs}. Equal sites are taken together: a pair of cells stands for count x count pairs of sites, and memory
 * grows with regions and bits alone.
 */
export function sumPairs(task: PairTask): PairSums {
  const { table, ranksA, ranksB } = task
  const wanted = Math.min(MAX_OVERLAP, table.siteCount - 1)
  const a = new SideRow(task.a, table.sizesA, wanted)
  const b = new SideRow(task.b, table.sizesB, wanted)
  const overlap = new OverlapCounter()
  const sums = { rankProducts: 0, distanceProducts: 0, rowsA: 0, rowsB: 0, rowsAA: 0, rowsBB: 0, rowsAB: 0 }
  for (let cell = task.from; cell < task.to; cell++) {
    const sites = table.count[cell]
    a.moveTo(table.a[cell])
    b.moveTo(table.b[cell])
    overlap.reset(a.levels, b.levels)
    const before = scanCells(task, a, b, overlap, 0, cell)
    const after = scanCells(task, a, b, overlap, cell + 1, table.count.length)
    // The other sites of the cell itself, at distance 0 on both sides.
    if (sites > 1) overlap.count(a.levels.levelOf[0], b.levels.levelOf[0], sites - 1)
    overlap.finish(a.levels, b.levels, wanted, sites)
    const own = (sites - 1) * ranksA[0] * ranksB[0]
    sums.rankProducts += sites * (before.rankProducts + after.rankProducts + own)
    sums.distanceProducts += sites * (before.distanceProducts + after.distanceProducts)
    sums.rowsA += sites * a.sum
    sums.rowsB += sites * b.sum
    sums.rowsAA += sites * a.sum * a.sum
    sums.rowsBB += sites * b.sum * b.sum
    sums.rowsAB += sites * a.sum * b.sum
  }
  return { ...sums, overlaps: overlap.sums }
}

/** The innermost loop: one cell against the cells `from` … `to` - 1. */
function scanCells(
  { table, ranksA, ranksB }: PairTask,
  a: SideRow,
  b: SideRow,
  overlap: OverlapCounter,
  from: number,
  to: number,
): { rankProducts: number; distanceProducts: number } {
  const { a: regionsA, b: regionsB, count } = table
  const distancesA = a.row.distances
  const distancesB = b.row.distances
  const { reach: reachA, levelOf: levelsA } = a.levels
  const { reach: reachB, levelOf: levelsB } = b.levels
  let rankProducts = 0
  let distanceProducts = 0
  for (let cell = from; cell < to; cell++) {
    const sites = count[cell]
    const distanceA = distancesA[regionsA[cell]]
    const distanceB = distancesB[regionsB[cell]]
    rankProducts += sites * ranksA[distanceA] * ranksB[distanceB]
    distanceProducts += sites * distanceA * distanceB
    if (distanceA <= reachA && distanceB <= reachB) {
      overlap.count(levelsA[distanceA], levelsB[distanceB], sites)
    }
  }
  return { rankProducts, distanceProducts }
}
