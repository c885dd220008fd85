/**
 * Differing bits of two rows of `bytes`, a multiple of 32: four 64-bit words at a time, without branches.
 */
export function distance(a: usize, b: usize, bytes: usize): i32 {
  let sum: i64 = 0
  for (let at: usize = 0; at < bytes; at += 32) {
    const p = a + at
    const q = b + at
    sum +=
      popcnt<u64>(load<u64>(p) ^ load<u64>(q)) +
      popcnt<u64>(load<u64>(p, 8) ^ load<u64>(q, 8)) +
      popcnt<u64>(load<u64>(p, 16) ^ load<u64>(q, 16)) +
      popcnt<u64>(load<u64>(p, 24) ^ load<u64>(q, 24))
  }
  return <i32>sum
}

/**
 * Differing bits between a query and `rows` base rows, keeping the rows nearer than `limit`. A row is given up at the
 * first 256 bits that take it to the limit. A row that is not near enough is written too and overwritten by the next
 * one.
 *
 * @param query address of the query row
 * @param base address of the first base row
 * @param kept address of what is kept: row number and distance, 32 bits each, a pair a row; room for all rows
 * @returns how many rows are nearer than `limit`
 */
export function nearer(query: usize, base: usize, rows: i32, bytes: usize, limit: i32, kept: usize): i32 {
  let count: i32 = 0
  const most = <i64>limit
  for (let row: i32 = 0; row < rows; row++) {
    let bits: i64 = 0
    for (let at: usize = 0; at < bytes; at += 32) {
      const p = query + at
      const q = base + at
      bits +=
        popcnt<u64>(load<u64>(p) ^ load<u64>(q)) +
        popcnt<u64>(load<u64>(p, 8) ^ load<u64>(q, 8)) +
        popcnt<u64>(load<u64>(p, 16) ^ load<u64>(q, 16)) +
        popcnt<u64>(load<u64>(p, 24) ^ load<u64>(q, 24))
      if (bits >= most) break
    }
    const slot = kept + ((<usize>count) << 3)
    store<i32>(slot, row)
    store<i32>(slot, <i32>bits, 4)
    count += <i32>(bits < most)
    base += bytes
  }
  return count
}
