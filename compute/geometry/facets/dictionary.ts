import { workspace } from '../../kernels/index.ts'
import type { Polytope } from './polytope.ts'

/**
 * A dictionary of the simplex method over some rows of a polytope: each basic variable as an affine function of the
 * non-basic ones, which are 0 at the current point,
 *
 *     basic[r] = table[r][columns] - sum over c of table[r][c] * nonbasic[c].
 *
 * A variable is the slack of a row of the polytope, by its number, or coordinate j, as -1 - j. Slacks are 0 or more,
 * coordinates are free: they start as the non-basic ones, at the origin, and become basic once and for all.
 */
export class Dictionary {
  readonly columns: number
  rows = 0
  /** Rows x (columns + 1), with room for more rows, in the thread's workspace. */
  readonly table: Float64Array
  readonly basic: Int32Array
  readonly nonbasic: Int32Array
  /** Slacks may be that much below 0, for the sake of larger pivots. */
  readonly tolerance: number
  readonly #polytope: Polytope
  /** Of coordinate j: the row where it is basic, or -1 - its column. */
  readonly #places: Int32Array

  /** @param capacity rows at most */
  constructor(polytope: Polytope, capacity: number, tolerance: number) {
    this.#polytope = polytope
    this.tolerance = tolerance
    this.columns = polytope.dimension
    this.table = workspace.take(capacity * (this.columns + 1))
    this.basic = new Int32Array(capacity)
    this.nonbasic = new Int32Array(this.columns)
    this.#places = workspace.takeInts(this.columns)
    this.clear()
  }

  /** Goes back to the origin, without rows. */
  clear(): void {
    this.rows = 0
    for (let j = 0; j < this.columns; j++) this.nonbasic[j] = this.#places[j] = -1 - j
  }

  /** Adds a row of the polytope; answers its place in the table. Its slack may be negative at the current point. */
  append(row: number): number {
    const { normals, offsets, dimension } = this.#polytope
    return this.appendNormal(row, normals, row * dimension, offsets[row])
  }

  /** Adds a row whose normal begins at a place of an array of the workspace, under a number of its own. */
  appendNormal(variable: number, normals: Float64Array, from: number, offset: number): number {
    const added = this.rows++
    this.table[this.rows * (this.columns + 1) - 1] = offset
    workspace.appendRow(this.table, this.#places, normals, from, added)
    this.basic[added] = variable
    return added
  }

  /** Takes the row at this place, a basic slack's, out of the table; the last row takes its place. */
  remove(place: number): void {
    const width = this.columns + 1
    const last = --this.rows
    if (place === last) return
    this.table.copyWithin(place * width, last * width, (last + 1) * width)
    this.basic[place] = this.basic[last]
    if (this.basic[place] < 0) this.#places[-1 - this.basic[place]] = place
  }

  /** Exchanges the basic variable at a place with the non-basic one of a column. */
  pivot(place: number, column: number): void {
    workspace.pivot(this.table, this.rows, this.columns + 1, place, column)
    const entering = this.nonbasic[column]
    this.nonbasic[column] = this.basic[place]
    this.basic[place] = entering
    this.#note(entering, place)
    this.#note(this.nonbasic[column], -1 - column)
  }

  /** The value of the basic variable at a place. */
  value(place: number): number {
    return this.table[(place + 1) * this.columns + place]
  }

  /** The current point, and as far beyond it as this along the edge of a column. */
  pointAt(column = 0, length = 0): Float64Array {
    const { columns, table } = this
    const point = new Float64Array(columns)
    for (let j = 0; j < columns; j++) {
      const place = this.#places[j]
      if (place >= 0) {
        const from = place * (columns + 1)
        point[j] = table[from + columns] - length * table[from + column]
      } else if (place === -1 - column) {
        point[j] = length
      }
    }
    return point
  }

  #note(variable: number, place: number): void {
    if (variable < 0) this.#places[-1 - variable] = place
  }
}
