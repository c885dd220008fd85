import { emptyScratch } from './scratch.ts'

/** A layer of windows: every unit is a plane, and its windows lie as the first unit's do. */
export interface WindowLayer {
  samples: number
  units: number
  positions: number
  /** Values of a plane. */
  plane: number
  /** Entries of a window. */
  window: number
  /** Positions x window: where an entry lies in a plane, below 0 for padding. */
  places: Int32Array
  /** Bits that number a window's entries, at most 24. */
  bits: number
}

/** What {@link packWindows} found. */
export interface PackedWindows {
  /** Samples x positions x ceil(units x bits / 8) bytes: of unit after unit, the winner's number, lowest bit first. */
  codes: Uint8Array
  /** Samples x positions: the least lead of a winner over the next value below; Infinity where no window has one. */
  margins: Float32Array
  /** Of all leads. */
  sum: number
  count: number
  /** Whether all entries are finite; else the rest means nothing. */
  finite: boolean
}

/** Packs the winners of windows of samples x units x plane values. */
export function packWindows(pre: Float32Array, layer: WindowLayer): PackedWindows {
  const { samples, units, positions, plane, window, places, bits } = layer
  const stride = Math.ceil((units * bits) / 8)
  const scratch = emptyScratch()
  const leadsAt = scratch.take(16)
  const placesAt = scratch.putInts(places)
  const planeAt = scratch.take(plane * 4)
  const marginsAt = scratch.take(positions * 4)
  const codesAt = scratch.take(positions * stride + 3)
  const { exports } = scratch
  const { buffer } = exports.memory
  const codes = new Uint8Array(samples * positions * stride)
  const margins = new Float32Array(samples * positions)
  const sampleCodes = new Uint8Array(buffer, codesAt, positions * stride)
  const sampleMargins = new Float32Array(buffer, marginsAt, positions)
  const planeValues = new Float32Array(buffer, planeAt, plane)
  new Uint8Array(buffer, leadsAt, 16).fill(0)
  let finite = true
  for (let sample = 0; sample < samples; sample++) {
    sampleCodes.fill(0)
    sampleMargins.fill(Infinity)
    for (let unit = 0; unit < units; unit++) {
      const from = (sample * units + unit) * plane
      planeValues.set(pre.subarray(from, from + plane))
      const place = unit * bits
      const known = exports.packWindows(
        planeAt,
        placesAt,
        positions,
        window,
        codesAt,
        stride,
        place,
        marginsAt,
        leadsAt,
      )
      finite &&= known !== 0
    }
    codes.set(sampleCodes, sample * sampleCodes.length)
    margins.set(sampleMargins, sample * positions)
  }
  const [sum] = new Float64Array(buffer, leadsAt, 1)
  const [count] = new Int32Array(buffer, leadsAt + 8, 1)
  return { codes, margins, sum, count, finite }
}
