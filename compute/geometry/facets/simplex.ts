import type { Dictionary } from './dictionary.ts'

/** Coefficients smaller than this are rounding: normals have length 1. */
const ZERO = 1e-10

/** A step along an edge of a dictionary's polytope. */
export interface Edge {
  column: number
  /** 1, or -1 for a free coordinate that falls. */
  direction: number
  /** The row whose slack reaches 0 first, or -1 where none does. */
  place: number
  /** How far the column's variable moves until then; Infinity where nothing stops it. */
  length: number
}

/** Keeps one linear program from cycling, and from running on for ever. */
export class PivotRule {
  #degenerate = 0
  #left: number
  readonly #patience: number
  readonly #tolerance: number

  constructor({ rows, columns, tolerance }: Dictionary) {
    this.#left = 1000 + 10 * (rows + columns)
    this.#patience = 20 + columns
    this.#tolerance = tolerance
  }

  /** Bland's rule, which cannot cycle, is on: many steps in a row went nowhere. */
  get bland(): boolean {
    return this.#degenerate > this.#patience
  }

  /** Notes a step of this length; false once there were too many. */
  note(length: number): boolean {
    this.#degenerate = length > this.#tolerance ? 0 : this.#degenerate + 1
    return --this.#left > 0
  }
}

/**
 * The next edge along which the slack of one row of the dictionary falls (or, with `sign` -1, rises), to the first
 * other row that stops it; undefined where there is none, so that the slack is at its least. The dictionary's point
 * must be feasible for every row but that one and `open`, which stop nothing.
 *
 * Dantzig's choice of the column; of the rows that stop the edge at about the same place, that with the greatest
 * coefficient (Harris). Bland's least numbers in both once the rule says so.
 */
export function nextEdge(
  dictionary: Dictionary,
  target: number,
  sign: 1 | -1,
  rule: PivotRule,
  open = target,
): Edge | undefined {
  const column = enteringColumn(dictionary, target, sign, rule.bland)
  if (column < 0) return undefined
  const coefficient = dictionary.table[target * (dictionary.columns + 1) + column]
  const direction = sign * coefficient > 0 ? 1 : -1
  const place = blockingRow(dictionary, column, direction, rule.bland, target, open)
  if (place < 0) return { column, direction, place, length: Infinity }
  const blocking = dictionary.table[place * (dictionary.columns + 1) + column]
  return { column, direction, place, length: Math.max(0, dictionary.value(place) / (blocking * direction)) }
}

function enteringColumn(
  { table, columns, nonbasic }: Dictionary,
  target: number,
  sign: number,
  bland: boolean,
): number {
  const from = target * (columns + 1)
  let best = -1
  let most = ZERO
  for (let column = 0; column < columns; column++) {
    const free = nonbasic[column] < 0
    const gain = free ? Math.abs(table[from + column]) : sign * table[from + column]
    if (bland ? gain <= ZERO || (best >= 0 && nonbasic[column] > nonbasic[best]) : gain <= most) continue
    most = gain
    best = column
  }
  return best
}

function blockingRow(
  { table, columns, rows, basic, tolerance }: Dictionary,
  column: number,
  direction: number,
  bland: boolean,
  target: number,
  open: number,
): number {
  const width = columns + 1
  const slip = bland ? 0 : tolerance
  let reach = Infinity
  for (let row = 0, at = 0; row < rows; row++, at += width) {
    const coefficient = table[at + column] * direction
    if (coefficient <= ZERO || basic[row] < 0 || row === target || row === open) continue
    const length = (Math.max(0, table[at + columns]) + slip) / coefficient
    if (length < reach) reach = length
  }
  if (reach === Infinity) return -1
  let best = -1
  let most = 0
  for (let row = 0, at = 0; row < rows; row++, at += width) {
    const coefficient = table[at + column] * direction
    if (coefficient <= ZERO || basic[row] < 0 || row === target || row === open) continue
    if (Math.max(0, table[at + columns]) / coefficient > reach) continue
    if (best >= 0 && (bland ? basic[row] > basic[best] : coefficient <= most)) continue
    best = row
    most = coefficient
  }
  return best
}
