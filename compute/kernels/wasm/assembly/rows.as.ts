/**
 * Marks the bits in which some row is not the reference, a column of all rows at a time.
 *
 * @param rows address of the rows
 * @param bytes a row, a multiple of 4
 * @param reference address of one row
 * @param differing address of one row, in which bits are set
 */
export function markDifferences(
  rows: usize,
  count: i32,
  bytes: usize,
  reference: usize,
  differing: usize,
): void {
  const end = rows + <usize>count * bytes
  let column: usize = 0
  for (; column + 16 <= bytes; column += 16) {
    const expected = v128.load(reference + column)
    let marks = v128.load(differing + column)
    for (let row = rows + column; row < end; row += bytes) {
      marks = v128.or(marks, v128.xor(v128.load(row), expected))
    }
    v128.store(differing + column, marks)
  }
  for (; column < bytes; column += 4) {
    const expected = load<u32>(reference + column)
    let marks = load<u32>(differing + column)
    for (let row = rows + column; row < end; row += bytes) marks |= load<u32>(row) ^ expected
    store<u32>(differing + column, marks)
  }
}

/**
 * Set bits of each row.
 *
 * @param rows address of the rows
 * @param bytes a row, a multiple of 4
 * @param counts address of the counts, 32 bits each
 */
export function popcounts(rows: usize, count: i32, bytes: usize, counts: usize): void {
  for (; count > 0; count--, counts += 4) {
    let bits: i64 = 0
    const end = rows + bytes
    for (; rows + 8 <= end; rows += 8) bits += popcnt<u64>(load<u64>(rows))
    if (rows < end) {
      bits += popcnt<u32>(load<u32>(rows))
      rows = end
    }
    store<u32>(counts, <u32>bits)
  }
}

/**
 * Toggles the bits of rows that are set in others.
 *
 * @param bytes of all rows, a multiple of 16
 */
export function toggle(rows: usize, others: usize, bytes: usize): void {
  for (let at: usize = 0; at < bytes; at += 16) {
    v128.store(rows + at, v128.xor(v128.load(rows + at), v128.load(others + at)))
  }
}
