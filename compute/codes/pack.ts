import { AtlasError } from '../errors.ts'
import { kernels } from '../kernels/index.ts'

/** The codes of one layer for some inputs. A site is (row, position), row-major. */
export interface PackedLayer {
  /** Rows x positions x ceil(units / 8) bytes, little-endian inside a byte: bit = pre-activation > threshold. */
  codes: Uint8Array
  /** Rows x positions: the least |pre-activation - threshold| of the site. */
  margins: Float32Array
  /** Sum of |pre-activation - threshold| over everything, float64. */
  absSum: number
  /** Pre-activations summed: rows x positions x units. */
  count: number
}

/**
 * Packs the pre-activations of a layer.
 *
 * @param pre rows x positions x units, float32
 * @param threshold a unit is active above it
 * @throws AtlasError NON_FINITE_ACTIVATION when a pre-activation is NaN or infinite
 */
export function packLayer(
  pre: Float32Array,
  rows: number,
  positions: number,
  units: number,
  threshold: number,
): PackedLayer {
  const sites = rows * positions
  const count = sites * units
  if (pre.length !== count) throw new RangeError(`${pre.length} pre-activations for ${count} units`)
  const codes = new Uint8Array(sites * Math.ceil(units / 8))
  const margins = new Float32Array(sites)
  const absSum = kernels().pack(pre, sites, units, threshold, codes, margins)
  if (!Number.isFinite(absSum)) throw nonFinite(pre, positions, units, threshold)
  return { codes, margins, absSum, count }
}

function nonFinite(pre: Float32Array, positions: number, units: number, threshold: number): AtlasError {
  const at = pre.findIndex((value) => !Number.isFinite(Math.fround(threshold - value)))
  const site = Math.floor(at / units)
  const place = `row ${Math.floor(site / positions)}, position ${site % positions}, unit ${at % units}`
  return new AtlasError(
    'NON_FINITE_ACTIVATION',
    `The pre-activation of ${place} is ${pre[at]}: such a unit is neither on nor off. ` +
      'Check this input for NaN or huge values, and the network for weights that overflow float32.',
  )
}
