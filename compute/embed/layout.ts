import { randomWords } from '../compare/random.ts'
import type { NearGraph } from './types.ts'

/**
 * The nearness of two points of the plane is 1 / (1 + A d^2B): the curve of this form with the least squared distance to 1
 * up to a distance of 0.1 (min_dist) and exp(0.1 - d) beyond, at 300 distances from 0 to 3.
 */
export const A = 1.5769434603113077
export const B = 0.8950608779109733

/** Points away from which a row is pushed for each one that it is drawn to. */
const PUSHES = 5

/** Longest way of a point on one axis in one move, before it is slowed down. */
const LONGEST = 4

/** Keeps the push of points that nearly fall together finite. */
const SOFTENING = 1e-3

/** Points that are drawn along the edges of a graph and pushed apart, as section 4.2 of the paper has it. */
export class Layout {
  readonly #graph: NearGraph
  readonly #positions: Float32Array
  readonly #epochs: number
  /** Per edge: the epoch at which it draws next; it does every 1 / weight epochs. */
  readonly #due: Float32Array
  /** Words of the generator that picks the points to be pushed away from. */
  #state: number

  /** @param positions x and y of each row in turn; they are moved */
  constructor(graph: NearGraph, positions: Float32Array, epochs: number, seed: number) {
    this.#graph = graph
    this.#positions = positions
    this.#epochs = epochs
    this.#due = graph.weights.map((weight) => 1 / weight)
    this.#state = randomWords(~seed)() | 1
  }

  /** One epoch, from 0, of the rows `from` … `to - 1`; their moves get shorter from epoch to epoch. */
  move(epoch: number, from: number, to: number): void {
    const { starts, ends, weights } = this.#graph
    const positions = this.#positions
    const due = this.#due
    const count = starts.length - 1
    const pace = 1 - epoch / this.#epochs
    let state = this.#state
    for (let row = from; row < to; row++) {
      let x = positions[2 * row]
      let y = positions[2 * row + 1]
      for (let edge = starts[row]; edge < starts[row + 1]; edge++) {
        if (due[edge] > epoch) continue
        due[edge] += 1 / weights[edge]
        const end = 2 * ends[edge]
        const dx = x - positions[end]
        const dy = y - positions[end + 1]
        const square = dx * dx + dy * dy
        if (square > 0) {
          const power = Math.pow(square, B)
          const pull = (-2 * A * B * power) / (square * (1 + A * power))
          const moveX = pace * limited(pull * dx)
          const moveY = pace * limited(pull * dy)
          x += moveX
          y += moveY
          positions[end] -= moveX
          positions[end + 1] -= moveY
        }
        for (let i = 0; i < PUSHES; i++) {
          state ^= state << 13
          state ^= state >>> 17
          state ^= state << 5
          const other = Math.floor((state >>> 0) * 2 ** -32 * count)
          if (other === row) continue
          const awayX = x - positions[2 * other]
          const awayY = y - positions[2 * other + 1]
          const apart = awayX * awayX + awayY * awayY
          const push = (2 * B) / ((SOFTENING + apart) * (1 + A * Math.pow(apart, B)))
          x += pace * limited(push * awayX)
          y += pace * limited(push * awayY)
        }
      }
      positions[2 * row] = x
      positions[2 * row + 1] = y
    }
    this.#state = state
  }
}

function limited(way: number): number {
  return way > LONGEST ? LONGEST : way < -LONGEST ? -LONGEST : way
}
