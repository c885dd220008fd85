/** Vectors of state a 16-byte column: three of carry-save sums, then eight of byte counters, one a bit of a byte. */
const STATE_BYTES: usize = 176

/**
 * Counts set bits by column, eight rows at a time through a carry-save tree (the positional popcount of Klarqvist,
 * Muła and Lemire, 2021): it leaves the ones, twos and fours of each bit for the next eight rows and carries one
 * vector of eights to the byte counters.
 *
 * @param rows address of the rows
 * @param count a multiple of 8; no more than 2,040 between two calls of `flushColumns`
 * @param bytes a row, a multiple of 16
 * @param state address of 11 x bytes, zeros at first
 */
export function countColumns(rows: usize, count: i32, bytes: usize, state: usize): void {
  const one = i8x16.splat(1)
  for (; count > 0; count -= 8, rows += 8 * bytes) {
    let sums = state
    for (let column = rows; column < rows + bytes; column += 16, sums += STATE_BYTES) {
      let ones = v128.load(sums)
      let twos = v128.load(sums, 16)
      const fours = v128.load(sums, 32)
      let row = column
      let x = v128.load(row)
      let y = v128.load(row + bytes)
      let half = v128.xor(ones, x)
      const two0 = v128.or(v128.and(ones, x), v128.and(half, y))
      ones = v128.xor(half, y)
      row += 2 * bytes
      x = v128.load(row)
      y = v128.load(row + bytes)
      half = v128.xor(ones, x)
      const two1 = v128.or(v128.and(ones, x), v128.and(half, y))
      ones = v128.xor(half, y)
      half = v128.xor(twos, two0)
      const four0 = v128.or(v128.and(twos, two0), v128.and(half, two1))
      twos = v128.xor(half, two1)
      row += 2 * bytes
      x = v128.load(row)
      y = v128.load(row + bytes)
      half = v128.xor(ones, x)
      const two2 = v128.or(v128.and(ones, x), v128.and(half, y))
      ones = v128.xor(half, y)
      row += 2 * bytes
      x = v128.load(row)
      y = v128.load(row + bytes)
      half = v128.xor(ones, x)
      const two3 = v128.or(v128.and(ones, x), v128.and(half, y))
      v128.store(sums, v128.xor(half, y))
      half = v128.xor(twos, two2)
      const four1 = v128.or(v128.and(twos, two2), v128.and(half, two3))
      v128.store(sums, v128.xor(half, two3), 16)
      half = v128.xor(fours, four0)
      const eights = v128.or(v128.and(fours, four0), v128.and(half, four1))
      v128.store(sums, v128.xor(half, four1), 32)
      for (let bit = 0; bit < 8; bit++) {
        const counter = sums + 48 + ((<usize>bit) << 4)
        const set = v128.and(i16x8.shr_u(eights, bit), one)
        v128.store(counter, i8x16.add(v128.load(counter), set))
      }
    }
  }
}

/**
 * Adds what `countColumns` has counted to the counts of the bits, and starts again from zero.
 *
 * @param counts address of 8 x bytes counts, 32 bits each
 */
export function flushColumns(state: usize, bytes: usize, counts: usize): void {
  for (let column: usize = 0; column < bytes; column += 16, state += STATE_BYTES) {
    for (let byte: usize = 0; byte < 16; byte++) {
      const ones = <u32>load<u8>(state + byte)
      const twos = <u32>load<u8>(state + byte, 16)
      const fours = <u32>load<u8>(state + byte, 32)
      for (let bit: u32 = 0; bit < 8; bit++, counts += 4) {
        const eights = <u32>load<u8>(state + byte + ((<usize>bit) << 4), 48)
        const rest = ((ones >>> bit) & 1) + 2 * ((twos >>> bit) & 1) + 4 * ((fours >>> bit) & 1)
        store<u32>(counts, load<u32>(counts) + 8 * eights + rest)
      }
    }
    memory.fill(state, 0, STATE_BYTES)
  }
}
