import { toCodeOrder, type UnitLayout } from '../gates/unitLayout.ts'

/**
 * How sure the bits of smooth gates are. A smooth gate has no boundary at which its bit switches; the bit is a matter of
 * degree, σ(η z) with z the distance of the pre-activation from the threshold (β-VQ: Balestriero and Baraniuk, "From Hard
 * to Soft: Understanding Deep Network Nonlinearities via Vector Quantization and Statistical Inference", ICLR 2019,
 * with η = β / (1 - β)). The hard bit is the likelier value, with the confidence σ(η |z|).
 *
 * |z| is kept in a byte, so that η can be chosen when it is asked for: a floating-point number of 4 bits of exponent and
 * 4 of mantissa, rounded towards 0. It holds 0 and 2^-10 (1 + 1/16) to 62 in steps of a sixteenth at most, so that a
 * confidence that is worked out of it is never too great.
 */

/** Float32's bits of 2^-10, without those of the mantissa that are cut off. */
const LEAST = 117 << 4
const CUT = 19

/** By byte, the distance that it stands for: the least that is rounded to it. */
const DISTANCES = distancesOfBytes()

function distancesOfBytes(): Float32Array {
  const distances = new Float32Array(Uint32Array.from({ length: 256 }, (_, i) => (i + LEAST) << CUT).buffer)
  distances[0] = 0
  return distances
}

/**
 * The distances of pre-activations from thresholds, a byte a bit.
 *
 * @param values float32, rows x the gate's input, as they lie in memory
 * @param thresholds those of each unit, one a bit
 * @returns rows x positions x units x thresholds
 */
export function packDistances(
  values: Float32Array,
  layout: UnitLayout,
  thresholds: readonly number[],
): Uint8Array {
  const pre = toCodeOrder(Float32Array, layout, values)
  const bytes = new Uint8Array(pre.length * thresholds.length)
  const value = new Float32Array(1)
  const bits = new Uint32Array(value.buffer)
  thresholds.forEach((threshold, i) => {
    for (let from = 0, to = i; from < pre.length; from++, to += thresholds.length) {
      value[0] = pre[from] - threshold
      const short = ((bits[0] & 0x7fffffff) >>> CUT) - LEAST
      bytes[to] = short < 0 ? 0 : short > 255 ? 255 : short
    }
  })
  return bytes
}

/** Confidence of the bit whose distance is in a byte, for σ(sharpness |z|): 0.5 to 1. */
export function confidenceOf(byte: number, sharpness: number): number {
  return 1 / (1 + Math.exp(-sharpness * DISTANCES[byte]))
}

/** The least byte whose confidence is `minConfidence` or more; 256 where none is. */
export function leastSureByte(minConfidence: number, sharpness: number): number {
  const byte = DISTANCES.findIndex((_, i) => confidenceOf(i, sharpness) >= minConfidence)
  return byte < 0 ? 256 : byte
}

/** Lowers `least`, from `at` on, to `count` of the bytes from `from` on where these are less. */
export function lowerTo(least: Uint8Array, at: number, bytes: Uint8Array, from: number, count: number): void {
  for (let i = 0; i < count; i++) if (bytes[from + i] < least[at + i]) least[at + i] = bytes[from + i]
}
