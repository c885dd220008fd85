import { neverStopped, type Stopped } from '../stopped.ts'
import { bootstrapMean, meanOf, type Estimate } from './bootstrap.ts'

/** Values of pairs of inputs. */
export interface PairValues {
  values: Float64Array
  /** Per value: the two inputs of its pair. */
  from: Int32Array
  to: Int32Array
}

/**
 * The mean over pairs of inputs, with a 95 % interval for inputs drawn anew from where these came from.
 *
 * Two pairs with a common input are not independent: where an input is in many pairs, resampling the pairs as if they
 * were makes the interval too narrow, several times where all pairs of few inputs are there. Resampling the inputs
 * instead is right for all pairs, but counts the pairs' own noise up to three times where pairs are a thin sample. So
 * the interval is that of resampled pairs, stretched about the mean by {@link sharedInputStretch}: both ends hold.
 */
export function pairMean(pairs: PairValues, seed: number, stopped: Stopped = neverStopped): Estimate {
  const { mean, low, high } = bootstrapMean(pairs.values, seed, stopped)
  const stretch = sharedInputStretch(pairs)
  return { mean, low: mean + stretch * (low - mean), high: mean + stretch * (high - mean) }
}

/**
 * How much larger the standard error of a mean over pairs is than that of as many independent values: the root of
 * sum over pairs p, q with a common input of e_p e_q, by sum of e_p squared, with e the deviation from the mean, and 1 at
 * least. (Fafchamps and Gubert, "The formation of risk sharing networks", 2007; Aronow, Samii and Assenova,
 * "Cluster-robust variance estimation for dyadic data", 2015.)
 */
export function sharedInputStretch({ values, from, to }: PairValues): number {
  const mean = meanOf(values)
  const sums = new Map<number, number>()
  let own = 0
  values.forEach((value, pair) => {
    const deviation = value - mean
    own += deviation ** 2
    for (const input of [from[pair], to[pair]]) sums.set(input, (sums.get(input) ?? 0) + deviation)
  })
  let shared = -own
  for (const sum of sums.values()) shared += sum ** 2
  return own > 0 ? Math.sqrt(Math.max(1, shared / own)) : 1
}
