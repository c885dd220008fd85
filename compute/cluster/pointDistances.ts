import { withProducts, type Matrix, type Products } from '../linear/index.ts'
import { throwIfStopped, type Stopped } from '../stopped.ts'
import { kthLeast } from './kthLeast.ts'

/** Points whose distances to all others are in memory at a time, ... */
const TILE_ROWS = 128

/** ... or as many as fit: 64 MiB. */
const TILE_BYTES = 1 << 26

/** Others that a product takes. */
const TILE_COLUMNS = 4096

/** Points in shared memory, and the squares of their lengths. */
export interface Points {
  points: Matrix<Float64Array>
  squares: Float64Array
}

/** Of which points distances are wanted. */
export interface PointTask extends Points {
  picks: Int32Array
}

/** For the core distances: which nearest point counts, themselves the first. */
export interface CoreTask extends PointTask {
  minSamples: number
}

/** For a tree: the distances that make neighbourhoods dense, and which group each point is in. */
export interface OutsideTask extends PointTask {
  core: Float64Array
  groups: Int32Array
}

/** Of each pick, the nearest point of another group by mutual reachability; of equally near ones the first. */
export interface NearestOutside {
  distances: Float64Array
  points: Int32Array
}

/** Of each pick, the distance to its nearest point number `minSamples`. */
export async function pointCores({ minSamples, ...task }: CoreTask, stopped: Stopped): Promise<Float64Array> {
  const { points, picks } = task
  const cores = new Float64Array(picks.length)
  const row = new Float64Array(points.rows)
  await overTiles(task, stopped, (first, distances) => {
    for (let i = 0; i * points.rows < distances.length; i++) {
      row.set(distances.subarray(i * points.rows, (i + 1) * points.rows))
      cores[first + i] = kthLeast(row, minSamples)
    }
  })
  return cores
}

/** See {@link NearestOutside}; there must be two groups at least. */
export async function nearestOutside(
  { core, groups, ...task }: OutsideTask,
  stopped: Stopped,
): Promise<NearestOutside> {
  const { points, picks } = task
  const found = { distances: new Float64Array(picks.length), points: new Int32Array(picks.length) }
  await overTiles(task, stopped, (first, distances) => {
    for (let i = 0; i * points.rows < distances.length; i++) {
      const own = groups[picks[first + i]]
      const dense = core[picks[first + i]]
      let least = Infinity
      let nearest = -1
      for (let other = 0, at = i * points.rows; other < points.rows; other++, at++) {
        const distance = Math.max(distances[at], core[other], dense)
        if (distance < least && groups[other] !== own) {
          least = distance
          nearest = other
        }
      }
      found.distances[first + i] = least
      found.points[first + i] = nearest
    }
  })
  return found
}

/**
 * Euclidean distances of some picks at a time to all points: sqrt(a a - 2 a b + b b), in float64, for which the points
 * should lie around 0.
 * @param use gets the number of the first pick, and picks x points distances, which are its own until it returns
 */
async function overTiles(
  task: PointTask,
  stopped: Stopped,
  use: (first: number, distances: Float64Array) => void,
): Promise<void> {
  await withProducts(async (products) => {
    const fitting = Math.floor(TILE_BYTES / (task.points.rows * Float64Array.BYTES_PER_ELEMENT))
    const step = Math.max(1, Math.min(TILE_ROWS, fitting))
    for (let first = 0; first < task.picks.length; first += step) {
      throwIfStopped(stopped)
      use(first, await tileOf(task, task.picks.subarray(first, first + step), products))
    }
  })
}

async function tileOf(
  { points, squares }: Points,
  picks: Int32Array,
  products: Products,
): Promise<Float64Array> {
  const { values, rows, columns } = points
  const own = new Float64Array(picks.length * columns)
  picks.forEach((pick, i) => own.set(values.subarray(pick * columns, (pick + 1) * columns), i * columns))
  const distances = new Float64Array(picks.length * rows)
  for (let from = 0; from < rows; from += TILE_COLUMNS) {
    const to = Math.min(rows, from + TILE_COLUMNS)
    // A copy: the runtime takes nothing in shared memory.
    const others = { values: values.slice(from * columns, to * columns), rows: to - from, columns }
    const { values: dots } = await products.float64(
      { values: own, rows: picks.length, columns },
      others,
      'SECOND',
    )
    picks.forEach((pick, i) => {
      for (let other = from, at = i * (to - from); other < to; other++, at++) {
        const square = squares[pick] + squares[other] - 2 * dots[at]
        distances[i * rows + other] = pick === other ? 0 : Math.sqrt(Math.max(0, square))
      }
    })
  }
  return distances
}
