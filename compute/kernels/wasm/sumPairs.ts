import { MAX_OVERLAP, type PairSums, type PairTask } from '../contract.ts'
import { PairSide } from './pairSide.ts'
import { emptyScratch, type Scratch } from './scratch.ts'

/** Sites by level of a and of b, both shifted by one. */
const JOINT_LENGTH = (MAX_OVERLAP + 1) ** 2

/**
 * Runs one pass, see {@link Kernels.sumPairs}. Equal sites are taken together: a pair of cells stands for count x
 * count pairs of sites. Cells are taken in blocks whose regions' distances fit into memory.
 */
export function sumPairs(task: PairTask): PairSums {
  const { table, from, to } = task
  const scratch = emptyScratch()
  const wanted = Math.min(MAX_OVERLAP, table.siteCount - 1)
  const a = new PairSide(scratch, task.a, table.a, table.sizesA, task.ranksA, to - from)
  const b = new PairSide(scratch, task.b, table.b, table.sizesB, task.ranksB, to - from)
  const shared = new PairScan(scratch, task, wanted)
  for (let cell = from; cell < to;) {
    const end = admitBlock(a, b, cell, to)
    a.measure()
    b.measure()
    for (; cell < end; cell++) {
      a.moveTo(table.a[cell], wanted)
      b.moveTo(table.b[cell], wanted)
      shared.add(a, b, cell)
    }
  }
  return shared.result()
}

/** Admits cells from `from` on while both sides have room for their regions; returns the cell after the last. */
function admitBlock(a: PairSide, b: PairSide, from: number, to: number): number {
  a.clear()
  b.clear()
  let end = from
  while (end < to && a.admit(end) && b.admit(end)) end++
  return end
}

/** The sums of a pass so far, and what the scan of cells needs beside the two sides. */
class PairScan {
  readonly #scratch: Scratch
  readonly #count: Int32Array
  readonly #wanted: number
  readonly #countAt: number
  readonly #jointAt: number
  readonly #productsAt: number
  readonly #overlapsAt: number
  readonly #sums = {
    rankProducts: 0,
    distanceProducts: 0,
    rowsA: 0,
    rowsB: 0,
    rowsAA: 0,
    rowsBB: 0,
    rowsAB: 0,
  }

  constructor(scratch: Scratch, { table }: PairTask, wanted: number) {
    this.#scratch = scratch
    this.#count = table.count
    this.#wanted = wanted
    this.#countAt = scratch.putInts(table.count)
    this.#jointAt = scratch.putFloats(new Float64Array(JOINT_LENGTH))
    this.#productsAt = scratch.take(16)
    this.#overlapsAt = scratch.putFloats(new Float64Array(MAX_OVERLAP))
  }

  /** Adds the pairs whose first site is in a cell, to whose regions the sides have moved. */
  add(a: PairSide, b: PairSide, cell: number): void {
    const { exports } = this.#scratch
    const sites = this.#count[cell]
    exports.scanCells(
      cell,
      this.#countAt,
      this.#count.length,
      a.cellsAt,
      b.cellsAt,
      a.distancesAt,
      b.distancesAt,
      a.ranksAt,
      b.ranksAt,
      a.levelsAt,
      b.levelsAt,
      this.#jointAt,
      this.#productsAt,
    )
    exports.addOverlaps(a.levelsAt, b.levelsAt, this.#jointAt, this.#wanted, sites, this.#overlapsAt)
    const [rankProducts, distanceProducts] = this.#scratch.floats(this.#productsAt, 2)
    const sums = this.#sums
    sums.rankProducts += sites * rankProducts
    sums.distanceProducts += sites * distanceProducts
    sums.rowsA += sites * a.sum
    sums.rowsB += sites * b.sum
    sums.rowsAA += sites * a.sum * a.sum
    sums.rowsBB += sites * b.sum * b.sum
    sums.rowsAB += sites * a.sum * b.sum
  }

  result(): PairSums {
    return { ...this.#sums, overlaps: this.#scratch.floats(this.#overlapsAt, MAX_OVERLAP).slice() }
  }
}
