// AssemblyScript, compiled by scripts/build.mjs to dist/compute/kernels/wasm/hamming.wasm. Its numeric types and
// its loads, stores and popcnt are those of WebAssembly; no memory is managed, callers lay it out.

/**
 * Differing bits between a query and `rows` base rows, keeping the rows nearer than `limit`.
 *
 * Rows are `bytes` long, a multiple of 32: four 64-bit words at a time, without branches. A row that is not near
 * enough is written too and overwritten by the next one.
 *
 * @param query address of the query row
 * @param base address of the first base row
 * @param kept address of what is kept: row number and distance, 32 bits each, a pair a row; room for all rows
 * @returns how many rows are nearer than `limit`
 */
export function nearer(query: usize, base: usize, rows: i32, bytes: usize, limit: i32, kept: usize): i32 {
  let count: i32 = 0
  for (let row: i32 = 0; row < rows; row++) {
    let distance: i64 = 0
    for (let at: usize = 0; at < bytes; at += 32) {
      const q = query + at
      const b = base + at
      distance +=
        popcnt<u64>(load<u64>(q) ^ load<u64>(b)) +
        popcnt<u64>(load<u64>(q, 8) ^ load<u64>(b, 8)) +
        popcnt<u64>(load<u64>(q, 16) ^ load<u64>(b, 16)) +
        popcnt<u64>(load<u64>(q, 24) ^ load<u64>(b, 24))
    }
    const slot = kept + ((<usize>count) << 3)
    store<i32>(slot, row)
    store<i32>(slot, <i32>distance, 4)
    count += <i32>(<i32>distance < limit)
    base += bytes
  }
  return count
}
