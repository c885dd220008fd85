import { distance } from './hamming.as'

/**
 * 1 - |x and y| / |x or y| of two codes as the bits of a float32, which order as the numbers do: of their ones and of
 * those bits that differ it is 2 differ / (ones + ones + differ), 0 for two codes without ones.
 */
function jaccard(differing: i32, ones: i32): i32 {
  if (differing === 0) return 0
  const twice: i32 = differing << 1
  const all: i32 = ones + differing
  return reinterpret<i32>(<f32>twice / <f32>all)
}

/**
 * Brings rows outside a tree up to date with the row that joined it last, and finds the nearest of them; of several
 * that of the lowest number.
 *
 * A row is not looked at where the core distances alone take it as far as its way so far. Looked at, it is measured to
 * its end: giving up on the way cost more than it saved on random, clustered and MNIST codes of 112 to 8,192 bits.
 *
 * @param joined address of the row that joined
 * @param joinedNumber its number
 * @param joinedCore its core distance: bits, or those of a float32
 * @param joinedOnes how many of its bits are set
 * @param rows address of the rows outside
 * @param bytes a row, a multiple of 32
 * @param numbers address of the numbers of the rows outside, 32 bits each
 * @param cores address of their core distances, 32 bits each
 * @param ones address of how many of their bits are set, 32 bits each, for Jaccard distances; 0 for Hamming distances
 * @param distances address of their distances to the tree, 32 bits each
 * @param through address of the numbers of the tree's rows that are so near, 32 bits each
 * @returns the place of the nearest row; -1 of none
 */
export function reach(
  joined: usize,
  joinedNumber: i32,
  joinedCore: i32,
  joinedOnes: i32,
  rows: usize,
  count: i32,
  bytes: usize,
  numbers: usize,
  cores: usize,
  ones: usize,
  distances: usize,
  through: usize,
): i32 {
  let nearest = -1
  let least: u64 = u64.MAX_VALUE
  for (let place = 0; place < count; place++, rows += bytes) {
    const at = (<usize>place) << 2
    let way = load<i32>(distances + at)
    const core = max(load<i32>(cores + at), joinedCore)
    if (core < way) {
      let bits = distance(joined, rows, bytes)
      if (ones !== 0) bits = jaccard(bits, joinedOnes + load<i32>(ones + at))
      if (bits < way) {
        way = max(bits, core)
        store<i32>(distances + at, way)
        store<i32>(through + at, joinedNumber)
      }
    }
    const key = ((<u64>(<u32>way)) << 32) | (<u64>load<u32>(numbers + at))
    if (key < least) {
      least = key
      nearest = place
    }
  }
  return nearest
}
