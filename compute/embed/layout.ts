import { randomWords } from '../compare/random.ts'
import { pullAt, pushAt } from './forces.ts'
import type { NearGraph } from './types.ts'

/** Points away from which a row is pushed for each one that it is drawn to. */
const PUSHES = 5

/** Longest way of a point on one axis in one move, before it is slowed down. */
const LONGEST = 4

/** Points that are drawn along the edges of a graph and pushed apart, as section 4.2 of the paper has it. */
export class Layout {
  readonly #graph: NearGraph
  readonly #positions: Float32Array
  readonly #epochs: number
  /** Per edge: the epoch at which it draws next; it does every 1 / weight epochs. */
  readonly #due: Float32Array
  /** Of the generator (xorshift, Marsaglia 2003) that picks the points to be pushed away from; not 0. */
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
    const [positions, due] = [this.#positions, this.#due]
    const rows = starts.length - 1
    const pace = 1 - epoch / this.#epochs
    let state = this.#state
    for (let row = from; row < to; row++) {
      let x = positions[2 * row]
      let y = positions[2 * row + 1]
      for (let edge = starts[row]; edge < starts[row + 1]; edge++) {
        if (due[edge] > epoch) continue
        due[edge] += 1 / weights[edge]
        const end = 2 * ends[edge]
        const toX = x - positions[end]
        const toY = y - positions[end + 1]
        const square = toX * toX + toY * toY
        if (square > 0) {
          const pull = pullAt(square)
          const moveX = pace * limited(pull * toX)
          const moveY = pace * limited(pull * toY)
          x += moveX
          y += moveY
          positions[end] -= moveX
          positions[end + 1] -= moveY
        }
        for (let push = 0; push < PUSHES; push++) {
          state ^= state << 13
          state ^= state >>> 17
          state ^= state << 5
          const other = Math.floor((state >>> 0) * 2 ** -32 * rows)
          if (other === row) continue
          const awayX = x - positions[2 * other]
          const awayY = y - positions[2 * other + 1]
          const force = pushAt(awayX * awayX + awayY * awayY)
          x += pace * limited(force * awayX)
          y += pace * limited(force * awayY)
        }
      }
      positions[2 * row] = x
      positions[2 * row + 1] = y
    }
    this.#state = state
  }
}

function limited(way: number): number {
  return Math.min(Math.max(way, -LONGEST), LONGEST)
}
