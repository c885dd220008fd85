import type { Walk } from './walk.ts'

/** Sign changes inside the intervals of a walk, by interval and then place. */
export interface SignChanges {
  count: number
  /** New points: changes that open one. */
  points: number
  /** The point at which the interval of each change begins. */
  interval: Int32Array
  unit: Int32Array
  /** Place in the interval, above 0 and below 1; changes at one point have one fraction. */
  fraction: Float64Array
  /** Place on the segment. */
  t: Float64Array
  /** 1 where the unit goes from above 0 to below. */
  falls: Uint8Array
  /** 1 for the first change at a new point. */
  opens: Uint8Array
}

/**
 * Finds where units change sign between neighbouring points of a segment. A change so near a point that its place
 * rounds to that of the point opens no new one: the value there becomes 0 (in `pre`), which says the same.
 */
export function findSignChanges({ starts, t }: Walk, pre: Float64Array, size: number): SignChanges {
  const found = new Changes()
  for (let segment = 0; segment + 1 < starts.length; segment++) {
    for (let point = starts[segment]; point + 1 < starts[segment + 1]; point++) {
      const first = found.length
      const from = point * size
      for (let unit = 0; unit < size; unit++) {
        const a = pre[from + unit]
        const b = pre[from + size + unit]
        if (!(a > 0 && b < 0) && !(a < 0 && b > 0)) continue
        const fraction = a / (a - b)
        const place = t[point] + fraction * (t[point + 1] - t[point])
        if (place <= t[point]) pre[from + unit] = 0
        else if (place >= t[point + 1]) pre[from + size + unit] = 0
        else found.push(point, unit, fraction, place, a > 0)
      }
      found.sortFrom(first)
    }
  }
  return found.finish()
}

interface Change {
  interval: number
  unit: number
  fraction: number
  t: number
  falls: boolean
}

/** A growing list of changes. */
class Changes {
  #list: Change[] = []

  get length(): number {
    return this.#list.length
  }

  push(interval: number, unit: number, fraction: number, t: number, falls: boolean): void {
    this.#list.push({ interval, unit, fraction, t, falls })
  }

  /** Sorts the changes of the last interval by place, ties by unit. */
  sortFrom(first: number): void {
    if (this.#list.length - first < 2) return
    const sorted = this.#list.splice(first).sort((x, y) => x.t - y.t || x.unit - y.unit)
    this.#list.push(...sorted)
  }

  finish(): SignChanges {
    const list = this.#list
    const count = list.length
    const opens = Uint8Array.from(list, (change, i) =>
      Number(i === 0 || change.interval !== list[i - 1].interval || change.t !== list[i - 1].t),
    )
    const fraction = Float64Array.from(list, (change) => change.fraction)
    for (let i = 1; i < count; i++) if (opens[i] === 0) fraction[i] = fraction[i - 1]
    return {
      count,
      points: opens.reduce((sum, one) => sum + one, 0),
      interval: Int32Array.from(list, (change) => change.interval),
      unit: Int32Array.from(list, (change) => change.unit),
      fraction,
      t: Float64Array.from(list, (change) => change.t),
      falls: Uint8Array.from(list, (change) => Number(change.falls)),
      opens,
    }
  }
}
