/**
 * Differing bits of all pairs of query and base rows, two of each at a time: a word loaded serves two pairs. Both
 * numbers of rows are taken as even; there is room (of any contents) for one row more behind each.
 *
 * @param queries address of the query rows
 * @param base address of the base rows
 * @param bytes a row, a multiple of 32
 * @param into address of the distance from the first query row to the first base row, 32 bits
 * @param stride bytes from there to the distances of the next query row; room for one distance more behind each row
 */
export function distances(
  queries: usize,
  queryCount: i32,
  base: usize,
  rows: i32,
  bytes: usize,
  into: usize,
  stride: usize,
): void {
  for (let query = 0; query < queryCount; query += 2, queries += 2 * bytes, into += 2 * stride) {
    let b0 = base
    let to = into
    for (let row = 0; row < rows; row += 2, b0 += 2 * bytes, to += 8) {
      const q1 = queries + bytes
      const b1 = b0 + bytes
      let d00: i64 = 0
      let d01: i64 = 0
      let d10: i64 = 0
      let d11: i64 = 0
      for (let at: usize = 0; at < bytes; at += 16) {
        let q = load<u64>(queries + at)
        let r = load<u64>(q1 + at)
        let b = load<u64>(b0 + at)
        let c = load<u64>(b1 + at)
        d00 += popcnt<u64>(q ^ b)
        d01 += popcnt<u64>(q ^ c)
        d10 += popcnt<u64>(r ^ b)
        d11 += popcnt<u64>(r ^ c)
        q = load<u64>(queries + at, 8)
        r = load<u64>(q1 + at, 8)
        b = load<u64>(b0 + at, 8)
        c = load<u64>(b1 + at, 8)
        d00 += popcnt<u64>(q ^ b)
        d01 += popcnt<u64>(q ^ c)
        d10 += popcnt<u64>(r ^ b)
        d11 += popcnt<u64>(r ^ c)
      }
      store<i32>(to, <i32>d00)
      store<i32>(to, <i32>d01, 4)
      store<i32>(to + stride, <i32>d10)
      store<i32>(to + stride, <i32>d11, 4)
    }
  }
}
