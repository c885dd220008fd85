import type { CodeRows } from '../codeRows.ts'
import { MAX_OVERLAP } from '../contract.ts'
import { DistanceTable } from './distanceTable.ts'
import type { Scratch } from './scratch.ts'

/** Bytes of the levels of a site before those of each distance, see assembly/levels.as.ts. */
const LEVELS_HEAD = 8 + 16 * MAX_OVERLAP

/** One side of a pass over pairs of sites: the distances from the regions of a block of cells to all regions. */
export class PairSide {
  /** Address of the region of each cell. */
  readonly cellsAt: number
  readonly ranksAt: number
  readonly levelsAt: number
  /** Address of the distances from the region moved to, to all regions. */
  distancesAt = 0
  /** Their sum over sites. */
  sum = 0
  readonly #scratch: Scratch
  readonly #rows: CodeRows
  readonly #cells: Int32Array
  readonly #sizesAt: number
  readonly #countsAt: number
  readonly #table: DistanceTable
  /** The regions of the block; place of each region among them, -1 of others. */
  readonly #regions: Int32Array
  readonly #slotOf: Int32Array
  #admitted = 0
  #region = -1

  /**
   * @param cells region of each cell
   * @param sizes sites of each region
   * @param most cells at most of a block
   */
  constructor(
    scratch: Scratch,
    rows: CodeRows,
    cells: Int32Array,
    sizes: Int32Array,
    ranks: Float64Array,
    most: number,
  ) {
    this.cellsAt = scratch.putInts(cells)
    this.ranksAt = scratch.putFloats(ranks)
    this.levelsAt = scratch.putInts(new Int32Array(LEVELS_HEAD / 4 + rows.bitCount + 1))
    this.#scratch = scratch
    this.#rows = rows
    this.#cells = cells
    this.#sizesAt = scratch.putInts(sizes)
    this.#countsAt = scratch.take((rows.bitCount + 1) * 8)
    this.#table = new DistanceTable(scratch, rows, Math.min(most, rows.rows))
    this.#regions = new Int32Array(this.#table.capacity)
    this.#slotOf = new Int32Array(rows.rows).fill(-1)
  }

  /** Starts a block without cells. */
  clear(): void {
    for (let slot = 0; slot < this.#admitted; slot++) this.#slotOf[this.#regions[slot]] = -1
    this.#admitted = 0
    this.#region = -1
  }

  /** Takes a cell into the block. @returns false where its region finds no room */
  admit(cell: number): boolean {
    const region = this.#cells[cell]
    if (this.#slotOf[region] >= 0) return true
    if (this.#admitted === this.#regions.length) return false
    this.#regions[this.#admitted] = region
    this.#slotOf[region] = this.#admitted++
    return true
  }

  /** Measures the distances from the regions of the block to all regions. */
  measure(): void {
    this.#table.measure(this.#rows, this.#regions.subarray(0, this.#admitted), 0)
  }

  /** Moves to a region of the block, and finds the levels of the `wanted` sites nearest to one of its sites. */
  moveTo(region: number, wanted: number): void {
    if (region === this.#region) return
    this.#region = region
    const { rows, bitCount } = this.#rows
    const { exports } = this.#scratch
    this.distancesAt = this.#table.row(this.#slotOf[region])
    this.#scratch.floats(this.#countsAt, bitCount + 1).fill(0)
    this.sum = exports.tally(this.distancesAt, this.#sizesAt, rows, 1, this.#countsAt)
    exports.findLevels(this.#countsAt, wanted, this.levelsAt)
  }
}
