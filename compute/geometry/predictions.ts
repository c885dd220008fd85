import type { Walk } from './walk.ts'

/** A run of places on a segment with one predicted label. */
export interface PredictionRun {
  from: number
  to: number
  /** The score with the greatest value; ties to the lower. */
  label: number
}

/**
 * The predicted labels along each segment. Between two points all scores are affine in t: the greatest of them is
 * followed from one overtaking to the next.
 *
 * @param scores points x size
 */
export function predictionRuns({ starts, t }: Walk, scores: Float64Array, size: number): PredictionRun[][] {
  return Array.from({ length: starts.length - 1 }, (_, segment) => {
    const runs: PredictionRun[] = []
    for (let point = starts[segment]; point + 1 < starts[segment + 1]; point++) {
      const from = scores.subarray(point * size, (point + 1) * size)
      const to = scores.subarray((point + 1) * size, (point + 2) * size)
      for (const { at, label } of leaders(from, to)) {
        const place = t[point] + at * (t[point + 1] - t[point])
        const last = runs.at(-1)
        if (last?.label === label) continue
        if (last) last.to = place
        runs.push({ from: place, to: 1, label })
      }
    }
    return joined(runs.filter((run) => run.to > run.from || runs.length === 1))
  })
}

/** Runs of one label after each other become one. */
function joined(runs: readonly PredictionRun[]): PredictionRun[] {
  const left: PredictionRun[] = []
  for (const run of runs) {
    const last = left.at(-1)
    if (last?.label === run.label) last.to = run.to
    else left.push(run)
  }
  return left
}

/** Who leads from where on, between the scores at the begin (0) and at the end (1) of an interval. */
function leaders(from: Float64Array, to: Float64Array): { at: number; label: number }[] {
  let label = greatest(from, (i) => to[i])
  const found = [{ at: 0, label }]
  for (let at = 0; ;) {
    let next = Infinity
    let overtaker = -1
    for (let i = 0; i < from.length; i++) {
      // The lead of the leader over i falls from a to b, and is 0 at a / (a - b).
      const a = from[label] - from[i]
      const b = to[label] - to[i]
      if (!(b < 0)) continue
      const place = Math.max(at, a / (a - b))
      const sooner = place < next || (place === next && to[i] > to[overtaker])
      if (sooner) {
        next = place
        overtaker = i
      }
    }
    if (overtaker < 0 || next >= 1) return found
    at = next
    label = overtaker
    found.push({ at, label })
  }
}

/** Index of the greatest value; ties go to the one that grows more, then to the lower. */
function greatest(values: Float64Array, later: (i: number) => number): number {
  let best = 0
  for (let i = 1; i < values.length; i++) {
    if (values[i] > values[best] || (values[i] === values[best] && later(i) > later(best))) best = i
  }
  return best
}
