/**
 * The products of a vector with the rows of a matrix.
 *
 * @param matrix address of rows x columns float64
 * @param vector address of columns float64
 * @param products address of rows float64
 */
export function multiply(matrix: usize, rows: i32, columns: i32, vector: usize, products: usize): void {
  for (let row = 0; row < rows; row++, matrix += (<usize>columns) << 3) {
    // Two sums of two, so that none waits for itself.
    let low = f64x2.splat(0)
    let high = f64x2.splat(0)
    let p = matrix
    let q = vector
    let rest = columns
    for (; rest >= 4; rest -= 4, p += 32, q += 32) {
      low = f64x2.add(low, f64x2.mul(v128.load(p), v128.load(q)))
      high = f64x2.add(high, f64x2.mul(v128.load(p, 16), v128.load(q, 16)))
    }
    low = f64x2.add(low, high)
    let sum = f64x2.extract_lane(low, 0) + f64x2.extract_lane(low, 1)
    for (; rest > 0; rest--, p += 8, q += 8) sum += load<f64>(p) * load<f64>(q)
    store<f64>(products + ((<usize>row) << 3), sum)
  }
}

/**
 * Adds a multiple of one vector to another.
 *
 * @param to, from addresses of `count` float64
 */
export function addMultiple(to: usize, scale: f64, from: usize, count: i32): void {
  const scales = f64x2.splat(scale)
  for (; count >= 4; count -= 4, to += 32, from += 32) {
    v128.store(to, f64x2.add(v128.load(to), f64x2.mul(scales, v128.load(from))))
    v128.store(to, f64x2.add(v128.load(to, 16), f64x2.mul(scales, v128.load(from, 16))), 16)
  }
  for (; count > 0; count--, to += 8, from += 8) store<f64>(to, load<f64>(to) + scale * load<f64>(from))
}

/**
 * Adds multiples of some rows of a matrix to a vector.
 *
 * @param matrix address of float64, `columns` a row
 * @param rows address of the numbers of the rows, 32 bits each
 * @param weights address of the rows' weights, float64; rows of weight 0 are passed over
 * @param sum address of columns float64
 */
export function combine(
  matrix: usize,
  columns: i32,
  rows: usize,
  weights: usize,
  count: i32,
  sum: usize,
): void {
  for (let i = 0; i < count; i++, rows += 4, weights += 8) {
    const weight = load<f64>(weights)
    if (weight == 0) continue
    addMultiple(sum, weight, matrix + ((<usize>load<i32>(rows) * <usize>columns) << 3), columns)
  }
}

/**
 * Takes multiples of a vector out of the rows of a matrix.
 *
 * @param matrix address of rows x columns float64
 * @param parts address of the multiple for each row, float64; rows with 0 are passed over
 * @param vector address of columns float64, not in the matrix
 */
export function takeOut(matrix: usize, rows: i32, columns: i32, parts: usize, vector: usize): void {
  const stride = (<usize>columns) << 3
  for (let row = 0; row < rows; row++, matrix += stride, parts += 8) {
    const part = load<f64>(parts)
    if (part != 0) addMultiple(matrix, -part, vector, columns)
  }
}

/**
 * Writes a row of a simplex dictionary: a normal's entries over the coordinates, which are columns or rows of it.
 *
 * @param table address of rows x (columns + 1) float64, of which row `target` is 0 but for its constant
 * @param places address of 32 bits a coordinate: the row where it is basic, or -1 - its column
 * @param normal address of columns float64
 */
export function appendRow(table: usize, columns: i32, places: usize, normal: usize, target: i32): void {
  const stride = ((<usize>columns) << 3) + 8
  const to = table + <usize>target * stride
  for (let j = 0; j < columns; j++, places += 4, normal += 8) {
    const value = load<f64>(normal)
    if (value == 0) continue
    const place = load<i32>(places)
    if (place < 0) {
      const entry = to + ((<usize>(-1 - place)) << 3)
      store<f64>(entry, load<f64>(entry) + value)
    } else {
      addMultiple(to, -value, table + <usize>place * stride, columns + 1)
    }
  }
}

/**
 * Exchanges the basic variable of a row of a simplex dictionary with the non-basic one of a column.
 *
 * @param table address of rows x width float64; the last column is the constants
 */
export function pivot(table: usize, rows: i32, width: i32, place: i32, column: i32): void {
  const stride = (<usize>width) << 3
  const from = table + <usize>place * stride
  const offset = (<usize>column) << 3
  const scale = 1 / load<f64>(from + offset)
  for (let at: usize = 0; at < stride; at += 8) store<f64>(from + at, load<f64>(from + at) * scale)
  store<f64>(from + offset, scale)
  for (let row = 0; row < rows; row++, table += stride) {
    if (row == place) continue
    const factor = load<f64>(table + offset)
    if (factor == 0) continue
    store<f64>(table + offset, 0)
    addMultiple(table, -factor, from, width)
  }
}
