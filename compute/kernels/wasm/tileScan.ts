import type { WithinTask } from '../contract.ts'
import { RowScanner } from './rowScanner.ts'

/** Base words that stay in the first-level cache while every query passes over them: 16 KiB. */
const TILE_WORDS = 4096

/** Called with each near base row: by tile of the base, then query, then ascending index. */
export type Visit = (query: number, index: number, distance: number) => void

/** Scans all pairs of a task, a tile of the base at a time. */
export class TileScan {
  readonly #task: WithinTask
  readonly #limitOf: (query: number) => number

  /**
   * @param limitOf rows count as near below this distance; it may fall while the scan runs. Queries are counted from
   *   the task's first
   */
  constructor(task: WithinTask, limitOf: (query: number) => number) {
    this.#task = task
    this.#limitOf = limitOf
  }

  run(visit: Visit): void {
    const { queries, from, to, base, self } = this.#task
    const { width } = base
    const count = to - from
    const tile = Math.max(16, Math.min(512, Math.floor(TILE_WORDS / width)))
    const scanner = new RowScanner(count + tile, width)
    scanner.load(0, queries.words.subarray(from * width, to * width))
    for (let first = 0; first < base.rows; first += tile) {
      const rows = Math.min(tile, base.rows - first)
      scanner.load(count, base.words.subarray(first * width, (first + rows) * width))
      for (let query = 0; query < count; query++) {
        const kept = scanner.nearer(query, count, rows, this.#limitOf(query))
        for (let i = 0; i < kept; i++) {
          const index = first + scanner.kept[2 * i]
          if (!self || index !== from + query) visit(query, index, scanner.kept[2 * i + 1])
        }
      }
    }
  }
}
