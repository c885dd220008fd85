import { neverStopped, throwIfStopped, type Stopped } from '../stopped.ts'
import { randomWords } from './random.ts'

/** A mean and the interval that holds it with 95 % confidence. */
export interface Estimate {
  mean: number
  low: number
  high: number
}

const RESAMPLES = 1000
const LEVEL = 0.95

/** Draws between two looks whether to stop: some milliseconds. */
const DRAWS_A_LOOK = 1 << 20

/**
 * The mean of some values with its percentile bootstrap interval: from the 2.5 to the 97.5 % quantile of the means of
 * 1,000 resamples (Efron, "Bootstrap methods: another look at the jackknife", 1979). The values count as independent;
 * one value alone has an interval of no width.
 *
 * @param values at least one
 * @param seed equal seeds give equal intervals
 */
export function bootstrapMean(values: Float64Array, seed: number, stopped: Stopped = neverStopped): Estimate {
  const nextWord = randomWords(seed)
  // A product instead of a remainder: a third of the time, and uneven by the share of 2^32 that the values are.
  const scale = values.length / 2 ** 32
  const means = new Float64Array(RESAMPLES)
  for (let resample = 0, draws = 0; resample < RESAMPLES; resample++, draws += values.length) {
    if (draws >= DRAWS_A_LOOK) {
      throwIfStopped(stopped)
      draws = 0
    }
    let sum = 0
    for (let i = 0; i < values.length; i++) sum += values[Math.floor(nextWord() * scale)]
    means[resample] = sum / values.length
  }
  means.sort()
  const tail = (1 - LEVEL) / 2
  return { mean: meanOf(values), low: quantile(means, tail), high: quantile(means, 1 - tail) }
}

/** @param values at least one */
export function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/** Linear between the two order statistics around it. */
function quantile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1)
  const before = Math.floor(place)
  const after = Math.min(before + 1, sorted.length - 1)
  return sorted[before] + (place - before) * (sorted[after] - sorted[before])
}
