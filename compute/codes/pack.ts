import { AtlasError } from '../errors.ts'
import { kernels } from '../kernels/index.ts'

/** The codes of one layer for some inputs. A site is (row, position), row-major. */
export interface PackedLayer {
  /** Rows x positions x ceil(bits / 8) bytes, little-endian inside a byte: of unit after unit, its bits. */
  codes: Uint8Array
  /** Rows x positions: the least distance of the site from a boundary, such as |pre-activation - threshold|. */
  margins: Float32Array
  /** Sum of all distances from boundaries, float64. */
  absSum: number
  /** Distances summed. */
  count: number
}

/**
 * Packs the pre-activations of a layer.
 *
 * @param pre rows x positions x units x bitsPerUnit, float32: one value a bit
 * @param threshold a bit is set above it
 * @throws AtlasError NON_FINITE_ACTIVATION when a pre-activation is NaN or infinite
 */
export function packLayer(
  pre: Float32Array,
  rows: number,
  positions: number,
  units: number,
  threshold: number,
  bitsPerUnit = 1,
): PackedLayer {
  const sites = rows * positions
  const bits = units * bitsPerUnit
  const count = sites * bits
  if (pre.length !== count) throw new RangeError(`${pre.length} pre-activations for ${count} bits`)
  const packed = emptyLayer(sites, bits)
  packed.absSum = kernels().pack(pre, sites, bits, threshold, packed.codes, packed.margins)
  packed.count = count
  if (Number.isFinite(packed.absSum)) return packed
  const at = pre.findIndex((value) => !Number.isFinite(Math.fround(threshold - value)))
  const element = Math.floor(at / bitsPerUnit)
  throw nonFinite({ site: Math.floor(element / units), unit: element % units }, positions, pre[at])
}

/** A layer of so many sites, each of so many bits, before it is packed. */
export function emptyLayer(sites: number, bits: number): PackedLayer {
  const codes = new Uint8Array(sites * Math.ceil(bits / 8))
  return { codes, margins: new Float32Array(sites).fill(Infinity), absSum: 0, count: 0 }
}

/** Says which unit of which site, counted over all rows, has a value that is not finite. */
export function nonFinite(
  { site, unit }: { site: number; unit: number },
  positions: number,
  value: number,
): AtlasError {
  const place = `row ${Math.floor(site / positions)}, position ${site % positions}, unit ${unit}`
  return new AtlasError(
    'NON_FINITE_ACTIVATION',
    `The pre-activation of ${place} is ${value}: such a unit is neither on nor off. ` +
      'Check this input for NaN or huge values, and the network for weights that overflow float32.',
  )
}
