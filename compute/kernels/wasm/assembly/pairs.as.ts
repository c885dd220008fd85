import { JOINT_STRIDE, LEVELS_OF, REACH } from './levels.as'

/**
 * Adds the sites of some rows to those at their distances.
 *
 * @param distances address of the rows' distances, 32 bits each
 * @param sizes address of the rows' sites, 32 bits each
 * @param weight each site counts so often
 * @param counts address of the sites at each distance, float64
 * @returns the sum of the distances over sites, each once
 */
export function tally(distances: usize, sizes: usize, rows: i32, weight: f64, counts: usize): f64 {
  let sum: i64 = 0
  const end = distances + ((<usize>rows) << 2)
  for (; distances < end; distances += 4, sizes += 4) {
    const distance = load<u32>(distances)
    const sites = load<i32>(sizes)
    const count = counts + ((<usize>distance) << 3)
    store<f64>(count, load<f64>(count) + weight * <f64>sites)
    sum += <i64>distance * <i64>sites
  }
  return <f64>sum
}

/**
 * One site of a cell against all others: adds up the products of ranks and those of distances, and counts the sites
 * that are near on both sides by their levels.
 *
 * @param own the cell of the site, which is none of the others
 * @param sites address of the sites of the cells, 32 bits each
 * @param regionsA address of the rows of a of the cells, 32 bits each; regionsB those of b
 * @param distancesA address of the distances from the site to all rows of a, 32 bits each; distancesB to those of b
 * @param ranksA address of the rank of each distance of a, float64; ranksB of b
 * @param levelsA address of the site's levels of a, see `findLevels`; levelsB of b
 * @param joint address of the sites by level of a and of b, float64, see `addOverlaps`
 * @param sums address of the sum of rank products and that of distance products, float64
 */
export function scanCells(
  own: i32,
  sites: usize,
  cells: i32,
  regionsA: usize,
  regionsB: usize,
  distancesA: usize,
  distancesB: usize,
  ranksA: usize,
  ranksB: usize,
  levelsA: usize,
  levelsB: usize,
  joint: usize,
  sums: usize,
): void {
  const reachA = load<i32>(levelsA, REACH)
  const reachB = load<i32>(levelsB, REACH)
  const ownSites = sites + ((<usize>own) << 2)
  const end = (<usize>cells) << 2
  let rankProducts: f64 = 0
  let distanceProducts: i64 = 0
  store<i32>(ownSites, load<i32>(ownSites) - 1)
  for (let cell: usize = 0; cell < end; cell += 4) {
    const count = load<i32>(sites + cell)
    const a = load<i32>(distancesA + ((<usize>load<u32>(regionsA + cell)) << 2))
    const b = load<i32>(distancesB + ((<usize>load<u32>(regionsB + cell)) << 2))
    rankProducts += <f64>count * load<f64>(ranksA + ((<usize>a) << 3)) * load<f64>(ranksB + ((<usize>b) << 3))
    distanceProducts += <i64>count * <i64>a * <i64>b
    if (a <= reachA && b <= reachB) {
      const levelA = <usize>load<u32>(levelsA + ((<usize>a) << 2), LEVELS_OF)
      const levelB = <usize>load<u32>(levelsB + ((<usize>b) << 2), LEVELS_OF)
      const at = joint + (levelA + 1) * JOINT_STRIDE + ((levelB + 1) << 3)
      store<f64>(at, load<f64>(at) + <f64>count)
    }
  }
  store<i32>(ownSites, load<i32>(ownSites) + 1)
  store<f64>(sums, rankProducts)
  store<f64>(sums, <f64>distanceProducts, 8)
}
