import type { States } from '../program.ts'

/** Values of the vertices of a subdivision, which grows: a row of each table a vertex. */
export class Vertices {
  count: number
  /** Coordinates along u and v: 2 a vertex. */
  places: Float64Array
  /** Guards of the gate under way: size a vertex. */
  guards: Float64Array
  /** The states that are still read. */
  states: States
  readonly size: number
  #capacity: number

  /** @param guards count x size, taken over as it is, as are the others */
  constructor(places: Float64Array, guards: Float64Array, states: States) {
    this.count = places.length / 2
    this.#capacity = this.count
    this.size = guards.length / this.count
    this.places = places
    this.guards = guards
    this.states = states
  }

  /** Adds the vertex at a fraction of the way from p to q, with all values from the line between theirs. */
  between(p: number, q: number, fraction: number): number {
    if (this.count === this.#capacity) this.#grow()
    const vertex = this.count++
    for (const table of this.#tables()) {
      const width = table.length / this.#capacity
      const [a, b, to] = [p * width, q * width, vertex * width]
      for (let i = 0; i < width; i++) table[to + i] = table[a + i] + fraction * (table[b + i] - table[a + i])
    }
    return vertex
  }

  /** The tables without the room for more vertices, as views. */
  finish(): { places: Float64Array; guards: Float64Array; states: States } {
    const cut = (table: Float64Array) => table.subarray(0, (table.length / this.#capacity) * this.count)
    return {
      places: cut(this.places),
      guards: cut(this.guards),
      states: this.states.map((table) => table && cut(table)),
    }
  }

  #tables(): Float64Array[] {
    return [this.places, this.guards, ...this.states].filter((table) => table !== undefined)
  }

  #grow(): void {
    // A layer multiplies vertices by two to ten; memory that is not touched costs nothing.
    const capacity = Math.max(64, 4 * this.#capacity)
    const larger = (table: Float64Array) => {
      const copy = new Float64Array((table.length / this.#capacity) * capacity)
      copy.set(table)
      return copy
    }
    this.places = larger(this.places)
    this.guards = larger(this.guards)
    this.states = this.states.map((table) => table && larger(table))
    this.#capacity = capacity
  }
}
