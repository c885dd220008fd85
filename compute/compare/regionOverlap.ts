import type { Contingency } from './contingency.ts'

/**
 * The sites that lie in regions matched one to one, so that they are the most possible: a maximum weight matching of the
 * two sides' regions with the sites they share for weights. The rest of the sites is unmatched mass. By shortest
 * augmenting paths with dual variables (as `maximumAssignment`), but over the cells alone, of which there is one a site at
 * most where a dense table of tens of thousands of regions would not fit; a region may stay without a partner.
 *
 * @returns cells of the table that are matched, ascending
 */
export function matchMostSites(table: Contingency): Int32Array {
  const matching = new Matching(table)
  for (let row = 0; row < table.sizesA.length; row++) matching.add(row)
  return matching.cells()
}

/**
 * Grows by one region of a at a time. The invariant: rowDual + columnDual is at least the weight of each cell and equal to
 * it on matched ones, both are at least 0, and 0 where there is no partner.
 */
class Matching {
  readonly #table: Contingency
  /** Rows + 1: row i has the cells starts[i] … starts[i + 1] - 1. */
  readonly #starts: Int32Array
  readonly #cellOfRow: Int32Array
  readonly #cellOfColumn: Int32Array
  readonly #rowDual: Float64Array
  readonly #columnDual: Float64Array
  /** Of the search that grows by a row: the length of the way to each row, and the cell by which it is reached. */
  readonly #length: Float64Array
  readonly #cellTo: Int32Array

  constructor(table: Contingency) {
    const { a, count, sizesA, sizesB } = table
    this.#table = table
    this.#starts = new Int32Array(sizesA.length + 1)
    for (const row of a) this.#starts[row + 1]++
    for (let row = 0; row < sizesA.length; row++) this.#starts[row + 1] += this.#starts[row]
    this.#cellOfRow = new Int32Array(sizesA.length).fill(-1)
    this.#cellOfColumn = new Int32Array(sizesB.length).fill(-1)
    this.#rowDual = new Float64Array(sizesA.length)
    this.#columnDual = new Float64Array(sizesB.length)
    a.forEach((row, cell) => (this.#rowDual[row] = Math.max(this.#rowDual[row], count[cell])))
    this.#length = new Float64Array(sizesA.length).fill(Infinity)
    this.#cellTo = new Int32Array(sizesA.length).fill(-1)
  }

  cells(): Int32Array {
    return this.#cellOfRow.filter((cell) => cell >= 0).sort()
  }

  /** Finds the cheapest way from a new row to a free column, or to a row that then stays without a partner. */
  add(start: number): void {
    const { a, b, count } = this.#table
    const heap = new Heap(this.#length)
    const reached = [start]
    this.#length[start] = 0
    heap.push(start)
    let [least, end, freed] = [this.#rowDual[start], -1, start]
    for (let row = heap.pop(); row >= 0 && this.#length[row] < least; row = heap.pop()) {
      for (let cell = this.#starts[row]; cell < this.#starts[row + 1]; cell++) {
        const column = b[cell]
        const through = this.#length[row] + this.#rowDual[row] + this.#columnDual[column] - count[cell]
        const partner = this.#cellOfColumn[column]
        if (partner < 0) {
          if (through < least) [least, end, freed] = [through, cell, -1]
          continue
        }
        const next = a[partner]
        if (through >= this.#length[next]) continue
        if (this.#length[next] === Infinity) reached.push(next)
        this.#length[next] = through
        this.#cellTo[next] = cell
        heap.push(next)
        if (through + this.#rowDual[next] < least)
          [least, end, freed] = [through + this.#rowDual[next], -1, next]
      }
    }
    this.#shift(reached, start, least)
    this.#flip(start, end, freed)
    for (const row of reached) this.#length[row] = Infinity
  }

  /** Keeps the invariant: rows nearer than the end give what they are nearer by to their columns. */
  #shift(reached: readonly number[], start: number, least: number): void {
    for (const row of reached) {
      const gain = least - this.#length[row]
      if (gain <= 0) continue
      this.#rowDual[row] -= gain
      if (row !== start) this.#columnDual[this.#table.b[this.#cellOfRow[row]]] += gain
    }
  }

  /** Gives each row on the way the column through which the next one was reached. */
  #flip(start: number, end: number, freed: number): void {
    const { a, b } = this.#table
    let row: number
    if (end >= 0) {
      row = a[end]
    } else {
      if (freed === start) return
      row = freed
      this.#cellOfRow[freed] = -1
      end = this.#cellTo[freed]
      row = a[end]
    }
    for (let cell = end; ; cell = this.#cellTo[row], row = a[cell]) {
      this.#cellOfRow[row] = cell
      this.#cellOfColumn[b[cell]] = cell
      if (row === start) return
    }
  }
}

/** A binary heap of rows by their length, which may fall while they wait: then they are in it twice. */
class Heap {
  readonly #length: Float64Array
  readonly #rows: number[] = []
  readonly #keys: number[] = []

  constructor(length: Float64Array) {
    this.#length = length
  }

  push(row: number): void {
    const key = this.#length[row]
    let at = this.#rows.length
    while (at > 0) {
      const above = (at - 1) >> 1
      if (this.#keys[above] <= key) break
      this.#rows[at] = this.#rows[above]
      this.#keys[at] = this.#keys[above]
      at = above
    }
    this.#rows[at] = row
    this.#keys[at] = key
  }

  /** The row with the least length, or -1; entries that are out of date are passed over. */
  pop(): number {
    for (;;) {
      const [row] = this.#rows
      if (row === undefined) return -1
      const [key] = this.#keys
      this.#removeTop()
      if (key === this.#length[row]) return row
    }
  }

  #removeTop(): void {
    const row = this.#rows.pop()
    const key = this.#keys.pop()
    if (row === undefined || key === undefined || this.#rows.length === 0) return
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= this.#rows.length) break
      if (child + 1 < this.#rows.length && this.#keys[child + 1] < this.#keys[child]) child++
      if (this.#keys[child] >= key) break
      this.#rows[at] = this.#rows[child]
      this.#keys[at] = this.#keys[child]
      at = child
    }
    this.#rows[at] = row
    this.#keys[at] = key
  }
}
