import { bootstrapMean } from '../../compute/compare/bootstrap.ts'
import type { Estimate } from '../../compute/compare/index.ts'

/** Any number, always the same: the page is the same whenever it is made. */
const SEED = 1

/** The mean of some values with its 95 % bootstrap interval. */
export function estimate(values: readonly number[]): Estimate {
  return bootstrapMean(Float64Array.from(values), SEED)
}

/** 97.5 % quantile of the normal distribution. */
const Z = 1.96

/**
 * The share of those for which something holds, with the 95 % interval of Wilson (1927): unlike a bootstrap's it has a
 * width where it holds for all or for none.
 */
export function share(values: readonly boolean[]): Estimate {
  const count = values.length
  const mean = values.filter((value) => value).length / count
  const middle = (mean + Z ** 2 / (2 * count)) / (1 + Z ** 2 / count)
  const half = (Z * Math.sqrt((mean * (1 - mean)) / count + Z ** 2 / (4 * count ** 2))) / (1 + Z ** 2 / count)
  return { mean, low: Math.max(0, middle - half), high: Math.min(1, middle + half) }
}

/**
 * a - b, from the one's lower to the other's upper end: wider than a 95 % interval, and right however the two hang
 * together.
 */
export function difference(a: Estimate, b: Estimate): Estimate {
  return { mean: a.mean - b.mean, low: a.low - b.high, high: a.high - b.low }
}

/** The middle value, or the mean of the two. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}
