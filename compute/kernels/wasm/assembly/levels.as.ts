/** Greatest k of an overlap, and so the most levels: MAX_OVERLAP of the contract. */
const MOST = 50

/**
 * The levels of a site on one side: how many there are and the greatest distance of one (-1 of none), 32 bits each;
 * the sites nearer than each level and the sites at it, float64; then the level of each distance up to the greatest
 * that occurs, 32 bits each.
 */
export const LENGTH = 0
export const REACH = 4
export const CLOSER = 8
export const TIED = CLOSER + 8 * MOST
export const LEVELS_OF = TIED + 8 * MOST

/** Bytes from one level of a to the next in the joint counts: a row of one entry a level of b, and one before. */
export const JOINT_STRIDE: usize = 8 * (MOST + 1)

/**
 * Finds the distinct distances among a site's nearest neighbours on one side, ascending, until `wanted` sites are
 * reached. A distance below the greatest of them has fewer than `wanted` sites before it: there are at most `wanted`
 * levels, and every distance up to the greatest that occurs is one.
 *
 * @param counts address of the sites at each distance, float64, the site itself among them
 * @param wanted at most {@link MOST} and at most the number of other sites
 * @param levels address of what is found
 */
export function findLevels(counts: usize, wanted: i32, levels: usize): void {
  let length = 0
  let reach = -1
  let closer: f64 = 0
  store<f64>(counts, load<f64>(counts) - 1)
  for (let distance = 0; closer < <f64>wanted; distance++) {
    const tied = load<f64>(counts + ((<usize>distance) << 3))
    if (tied === 0) continue
    const level = levels + ((<usize>length) << 3)
    store<f64>(level, closer, CLOSER)
    store<f64>(level, tied, TIED)
    store<i32>(levels + ((<usize>distance) << 2), length++, LEVELS_OF)
    reach = distance
    closer += tied
  }
  store<i32>(levels, length, LENGTH)
  store<i32>(levels, reach, REACH)
}

/**
 * Adds the expected overlap of a site's k nearest neighbours on two sides, for k = 1 … 50. Ties at the k-th distance
 * are broken at random, independently on both sides: a site nearer than the k-th distance is a neighbour for certain,
 * one at it with probability (k - closer) / tied. The overlap is the sum over sites of the product of both
 * probabilities, over k. With N(i, j) the sites before level i on side a and before level j on side b, that sum
 * interpolates N bilinearly between the levels that hold the k-th neighbour.
 *
 * With fewer than k other sites, all of them are neighbours and the overlap is 1. Equal partitions reach 1 only
 * where no ties are broken.
 *
 * @param a address of the site's levels on side a; b on side b
 * @param joint address of the sites by level of a and b, both shifted by one; zeros when it returns
 * @param wanted as in `findLevels`
 * @param times equal sites that this one stands for
 * @param overlaps address of the 50 sums, float64
 */
export function addOverlaps(
  a: usize,
  b: usize,
  joint: usize,
  wanted: i32,
  times: f64,
  overlaps: usize,
): void {
  const levelsA = load<i32>(a, LENGTH)
  accumulate(joint, levelsA, load<i32>(b, LENGTH))
  let at = joint
  for (let k: i32 = 1; k <= wanted; k++, overlaps += 8) {
    if (<f64>k > load<f64>(a, CLOSER) + load<f64>(a, TIED)) {
      a += 8
      at += JOINT_STRIDE
    }
    if (<f64>k > load<f64>(b, CLOSER) + load<f64>(b, TIED)) {
      b += 8
      at += 8
    }
    const shareA = (<f64>k - load<f64>(a, CLOSER)) / load<f64>(a, TIED)
    const shareB = (<f64>k - load<f64>(b, CLOSER)) / load<f64>(b, TIED)
    const before = between(load<f64>(at), load<f64>(at, 8), shareB)
    const after = between(load<f64>(at + JOINT_STRIDE), load<f64>(at + JOINT_STRIDE, 8), shareB)
    const overlap = between(before, after, shareA)
    store<f64>(overlaps, load<f64>(overlaps) + (times * overlap) / <f64>k)
  }
  for (let k = wanted; k < MOST; k++, overlaps += 8) store<f64>(overlaps, load<f64>(overlaps) + times)
  memory.fill(joint, 0, <usize>(levelsA + 1) * JOINT_STRIDE)
}

function between(from: f64, to: f64, share: f64): f64 {
  return from + share * (to - from)
}

/** Joint counts at levels to joint counts before levels, in place. */
function accumulate(joint: usize, levelsA: i32, levelsB: i32): void {
  for (let a = 0; a < levelsA; a++, joint += JOINT_STRIDE) {
    let row: f64 = 0
    for (let b: usize = 8; b <= (<usize>levelsB) << 3; b += 8) {
      const at = joint + JOINT_STRIDE + b
      row += load<f64>(at)
      store<f64>(at, row + load<f64>(joint + b))
    }
  }
}
