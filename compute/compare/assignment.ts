/**
 * The one-to-one assignment of rows to columns with the greatest sum of values: shortest augmenting paths with dual
 * variables (Jonker and Volgenant, 1987; rectangular form of Crouse, IEEE TAES 2016). The smaller side is assigned
 * completely. Time s^2 l for a smaller side of s and a larger of l; 1,024 x 1,024 takes 1 to 3 s.
 *
 * @param values rows x columns, finite
 * @returns the column of each row, -1 for a row without one (only where there are more rows than columns)
 */
export function maximumAssignment(values: Float64Array, rows: number, columns: number): Int32Array {
  if (rows <= columns) return assignRows(values, rows, columns)
  const rowOf = assignRows(transpose(values, rows, columns), columns, rows)
  const columnOf = new Int32Array(rows).fill(-1)
  rowOf.forEach((row, column) => (columnOf[row] = column))
  return columnOf
}

/** The state of an assignment that grows by one row at a time. */
interface Assignment {
  columnOf: Int32Array
  rowOf: Int32Array
  /** Dual variables: cost - rowDual - columnDual is at least 0, and 0 on assigned pairs. */
  rowDual: Float64Array
  columnDual: Float64Array
}

/** Scratch of one search for a shortest path, in step with the columns. */
interface Paths {
  length: Float64Array
  /** Row before the column on its shortest path. */
  from: Int32Array
  /** Columns: the first `done` are settled in order, then those still open. */
  columns: Int32Array
}

function assignRows(values: Float64Array, rows: number, columns: number): Int32Array {
  const state = {
    columnOf: new Int32Array(rows).fill(-1),
    rowOf: new Int32Array(columns).fill(-1),
    rowDual: new Float64Array(rows),
    columnDual: new Float64Array(columns),
  }
  const paths = {
    length: new Float64Array(columns),
    from: new Int32Array(columns),
    columns: Int32Array.from({ length: columns }, (_, column) => column),
  }
  for (let row = 0; row < rows; row++) augment(state, paths, row, findPath(values, state, paths, row))
  return state.columnOf
}

/**
 * Dijkstra's search from a free row to the nearest free column over reduced costs (cost = -value), then the update
 * of the dual variables.
 *
 * @returns the free column at the end of the shortest path
 */
function findPath(values: Float64Array, state: Assignment, paths: Paths, start: number): number {
  const { rowOf, rowDual, columnDual } = state
  const { length, from, columns } = paths
  const width = columns.length
  length.fill(Infinity)
  let done = 0
  let row = start
  let reached = 0
  for (;;) {
    const base = reached - rowDual[row]
    const first = row * width
    let nearest = Infinity
    let at = done
    for (let i = done; i < width; i++) {
      const column = columns[i]
      const through = base - values[first + column] - columnDual[column]
      if (through < length[column]) {
        length[column] = through
        from[column] = row
      }
      // Among equally near columns a free one ends the search.
      if (length[column] < nearest || (length[column] === nearest && rowOf[column] < 0)) {
        nearest = length[column]
        at = i
      }
    }
    reached = nearest
    const column = columns[at]
    columns[at] = columns[done]
    columns[done++] = column
    if (rowOf[column] < 0) {
      updateDuals(state, paths, start, done - 1, reached)
      return column
    }
    row = rowOf[column]
  }
}

/** Keeps reduced costs at least 0: shifts the settled columns and their rows by how much nearer they were. */
function updateDuals(state: Assignment, paths: Paths, start: number, settled: number, reached: number): void {
  state.rowDual[start] += reached
  for (let i = 0; i < settled; i++) {
    const column = paths.columns[i]
    const gain = reached - paths.length[column]
    state.rowDual[state.rowOf[column]] += gain
    state.columnDual[column] -= gain
  }
}

/** Flips the assignments along the path that ends in a free column. */
function augment({ columnOf, rowOf }: Assignment, { from }: Paths, start: number, end: number): void {
  let column = end
  for (;;) {
    const row = from[column]
    const next = columnOf[row]
    columnOf[row] = column
    rowOf[column] = row
    if (row === start) return
    column = next
  }
}

function transpose(values: Float64Array, rows: number, columns: number): Float64Array {
  const turned = new Float64Array(values.length)
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++)
      turned[column * rows + row] = values[row * columns + column]
  }
  return turned
}
