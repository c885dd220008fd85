import type { WithinResult, WithinTask } from '../contract.ts'
import { TileScan } from './tileScan.ts'

/** All rows within a radius. See {@link Kernels.within}. */
export function within(task: WithinTask): WithinResult {
  const starts = new Int32Array(task.to - task.from + 1)
  const found = new Triples()
  new TileScan(task, () => task.maxDistance + 1).run((query, index, distance) => {
    starts[query + 1]++
    found.push(query, index, distance)
  })
  for (let query = 1; query < starts.length; query++) starts[query] += starts[query - 1]
  return { starts, ...found.byQuery(starts) }
}

/** A growing list of (query, index, distance). */
class Triples {
  #values = new Int32Array(3 * 1024)
  #length = 0

  push(query: number, index: number, distance: number): void {
    if (this.#length === this.#values.length) {
      const larger = new Int32Array(2 * this.#length)
      larger.set(this.#values)
      this.#values = larger
    }
    this.#values[this.#length++] = query
    this.#values[this.#length++] = index
    this.#values[this.#length++] = distance
  }

  /** Sorted by query, otherwise in the order of pushing. */
  byQuery(starts: Int32Array): { indices: Int32Array; distances: Int32Array } {
    const next = starts.slice()
    const indices = new Int32Array(this.#length / 3)
    const distances = new Int32Array(this.#length / 3)
    for (let i = 0; i < this.#length; i += 3) {
      const at = next[this.#values[i]]++
      indices[at] = this.#values[i + 1]
      distances[at] = this.#values[i + 2]
    }
    return { indices, distances }
  }
}
