import { randomWords } from '../compare/random.ts'
import type { CodeRows } from '../kernels/index.ts'
import { throwIfStopped, type Stopped } from '../stopped.ts'
import { bitComponents } from './bitComponents.ts'
import { Layout } from './layout.ts'
import { joinNearness, nearness } from './nearGraph.ts'

/** Steps of the whole, for its progress. */
export const PROGRESS_STEPS = 1000

/** Rows that move at a time: some milliseconds. */
const ROWS_A_MOVE = 4096

/** Longer side of the start, and the noise on it, which parts rows that fall together, as in the paper's program. */
const START_SIDE = 10
const START_NOISE = 1e-4

/** Rows to draw, and the nearest rows of each. */
export interface DrawTask {
  rows: CodeRows
  /** Nearest rows of each, at least 1. */
  k: number
  /** Rows x k. */
  indices: Int32Array
  /** Rows x k bits. */
  distances: Int32Array
  seed: number
  /** In shared memory: steps done, of {@link PROGRESS_STEPS}. */
  progress: Int32Array
}

/** Draws rows from their start to their end: x and y of each in turn, as `embedCodes` gives them. */
export function drawRows(task: DrawTask, stopped: Stopped): Float32Array {
  const { rows, k, indices, distances, seed, progress } = task
  const epochs = rows.rows <= 10_000 ? 500 : 200
  // A lighter edge would be drawn less than once.
  const graph = joinNearness(indices, nearness(distances, k), k, 1 / epochs)
  throwIfStopped(stopped)
  const positions = startOf(bitComponents(rows, seed, stopped), seed)
  const layout = new Layout(graph, positions, epochs, seed)
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (let from = 0; from < rows.rows; from += ROWS_A_MOVE) {
      throwIfStopped(stopped)
      layout.move(epoch, from, Math.min(rows.rows, from + ROWS_A_MOVE))
    }
    Atomics.store(progress, 0, Math.floor(((epoch + 1) / epochs) * PROGRESS_STEPS))
  }
  return intoSquare(positions, 1)
}

function startOf(components: Float64Array, seed: number): Float32Array {
  const next = randomWords(seed)
  return intoSquare(components, START_SIDE / 2).map((value) => value + START_NOISE * (next() / 2 ** 31 - 1))
}

/** Moves and scales points alike on both axes, so that the longer reaches from -half to half. */
function intoSquare(points: Float32Array | Float64Array, half: number): Float32Array {
  const least = [Infinity, Infinity]
  const greatest = [-Infinity, -Infinity]
  for (let at = 0; at < points.length; at++) {
    least[at & 1] = Math.min(least[at & 1], points[at])
    greatest[at & 1] = Math.max(greatest[at & 1], points[at])
  }
  const extent = Math.max(greatest[0] - least[0], greatest[1] - least[1])
  const middle = [0, 1].map((axis) => (least[axis] + greatest[axis]) / 2)
  // Points that all fall together lie in the middle.
  const scale = extent > 0 ? (2 * half) / extent : 0
  return Float32Array.from(points, (value, at) => (value - middle[at & 1]) * scale)
}
